"""Replaces a repository by one of the same name on another blob store or of another format or type.

Nexus cannot change these on an existing repository. When a repository is deleted, Nexus removes it from its groups, and
removes the privileges that it made for it from every role; the new repository must get both back.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nexus import advice, model, schema
from nexus.errors import NexusError, NotFound, Rejected
from nexus.kinds.repository import REPOSITORY, action_of, is_raw_group
from nexus.model import Ref
from nexus.objects.objects import Objects
from nexus.problem import Problem

_ONE_AT_A_TIME = threading.Lock()
# Fields that two repositories cannot share.
_UNIQUE = (("docker", "httpPort"), ("docker", "httpsPort"), ("docker", "subdomain"))


@dataclass(frozen=True)
class Memberships:
    """Where a repository is used: in groups, and in roles by the privileges that Nexus made for it."""

    groups: Mapping[str, Mapping[str, Any]]
    """By name, as the API returns them."""
    roles: Mapping[str, tuple[str, ...]]
    """All privileges of each role that has some of the repository's, by the role's id."""

    def __str__(self) -> str:
        found = [f"{what} {', '.join(sorted(names))}" for what, names in self._named() if names]
        return " and ".join(found)

    def _named(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        yield "its place in " + ("group" if len(self.groups) == 1 else "groups"), self.groups
        yield "its privileges in " + ("role" if len(self.roles) == 1 else "roles"), self.roles


class Recreation:
    """Deletes a repository only when the server has accepted its replacement.

    The replacement is first created under a placeholder's name and joins the groups and roles of the old repository.
    The placeholder keeps memberships and settings while the old repository is deleted and the new one is created under
    its name. If a run is interrupted, the next one continues from there.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def memberships(self, name: str) -> Memberships:
        """The groups and roles on the server that contain the repository."""
        groups = {
            entry["name"]: entry
            for entry in self._objects.client.get("/v1/repositorySettings") or []
            if name in _members(entry)
        }
        roles = {
            role["id"]: tuple(role["privileges"])
            for role in self._objects.client.get("/v1/security/roles") or []
            if not role.get("readOnly") and any(action_of(name, privilege) for privilege in role["privileges"])
        }
        return Memberships(groups, roles)

    def refuse_reset(self, ref: Ref) -> None:
        """Refuses to rewrite the members of a group if that resets a setting that cannot be read.

        Raises:
            Rejected: the repository is in such a group.
        """
        for name, entry in _of_its_format(ref, self.memberships(ref.name)).groups.items():
            group = _group(name, entry)
            if is_raw_group(entry) and not (self._objects.live(group) or {}).get("raw"):
                raise Rejected(
                    Problem(
                        str(ref),
                        f"cannot be replaced and is unchanged: {group} would be rewritten and lose "
                        f"raw.contentDisposition, which this server shows neither in its REST API nor at "
                        f"/service/extdirect",
                        fix=f"remove {ref.name} from that group first",
                    )
                )

    def recreate(self, ref: Ref, body: Mapping[str, Any]) -> None:
        """Replaces the repository of this name by one with this complete body.

        Raises:
            Rejected: the server refuses the body; the old repository is unchanged.
        """
        body = _of_request(ref, body)
        # One at a time: two replacements in the same group would overwrite each other's members.
        with _ONE_AT_A_TIME:
            beside = REPOSITORY.placeholder(ref)
            if not exists(self._objects, ref.name):  # an interrupted run has deleted it
                self._objects.create(ref, body)
                return self._finish(ref, beside)
            self._objects.delete(beside)
            self.refuse_reset(ref)
            there = _of_its_format(ref, self.memberships(ref.name))
            self._prepare(ref, beside, body)
            self._join(ref.name, beside, there)
            self._objects.delete(ref)
            self._objects.create(ref, body)
            self._finish(ref, beside)
            return None

    def finish(self, ref: Ref) -> None:
        """Completes the replacement of an interrupted run: the new repository gets the placeholder's memberships."""
        with _ONE_AT_A_TIME:
            self._finish(ref, REPOSITORY.placeholder(ref))

    def _prepare(self, ref: Ref, beside: Ref, body: Mapping[str, Any]) -> None:
        try:
            self._objects.create(beside, model.without(dict(body), _UNIQUE))
        except NexusError as error:
            raise Rejected(
                Problem(
                    str(ref),
                    "cannot be replaced and is unchanged: the server refuses the new one",
                    fix="change its declaration",
                    got=str(error),
                )
            ) from None

    def _join(self, name: str, beside: Ref, there: Memberships) -> None:
        for group, entry in there.groups.items():
            members = [each for old in _members(entry) for each in ((old, beside.name) if old == name else (old,))]
            self._write_members(group, entry, members)
        for role, privileges in there.roles.items():
            added = [_privilege(beside, action) for held in privileges if (action := action_of(name, held))]
            self._write_privileges(role, [*privileges, *added])

    def _finish(self, ref: Ref, beside: Ref) -> None:
        """The new repository gets the placeholder's memberships, and the placeholder is deleted."""
        there = self.memberships(beside.name)
        for group, entry in there.groups.items():
            self._write_members(group, entry, [ref.name if old == beside.name else old for old in _members(entry)])
        for role, held in there.roles.items():
            own = (_privilege(ref, action) if (action := action_of(beside.name, each)) else each for each in held)
            self._write_privileges(role, list(dict.fromkeys(own)))
        self._objects.delete(beside)

    def _write_members(self, group: str, entry: Mapping[str, Any], members: list[str]) -> None:
        self._objects.update(_group(group, entry), {"group": {"memberNames": list(dict.fromkeys(members))}})

    def _write_privileges(self, role: str, privileges: list[str]) -> None:
        self._objects.update(Ref("role", role), {"privileges": privileges})


def refuse_content(objects: Objects, ref: Ref, live: Mapping[str, Any]) -> None:
    """Checks an adopted repository that would have to be replaced.

    Raises:
        Rejected: it holds content, which Nexus cannot move.
    """
    if holds_content(objects, ref):
        store = model.at(live, ("storage", "blobStoreName")) or "default"
        raise Rejected(
            Problem(
                str(ref),
                f"holds content on blob store {store}, and Nexus does not move content",
                f"the blob store {store}",
                f"{advice.repository(ref.name, 'storage.blobStoreName', store)}, "
                f"or move the content to a repository of another name first",
            )
        )


def holds_content(objects: Objects, ref: Ref) -> bool:
    """Whether the repository has anything stored. A group stores nothing of its own."""
    if ref.type == "group":
        return False
    page = objects.client.get("/v1/assets", repository=ref.name) or {}
    return bool(page.get("items"))


def exists(objects: Objects, name: str) -> bool:
    """Whether there is a repository of that name, of whatever format."""
    try:
        return objects.client.get(Ref("repository", name).path("/v1/repositories/{name}")) is not None
    except NotFound:
        return False


def _of_request(ref: Ref, body: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a body that a request may contain: undeclared settings come from answers, which contain more."""
    return {key: value for key, value in schema.fitting(ref.request, body).items() if key != "name"}


def _of_its_format(ref: Ref, there: Memberships) -> Memberships:
    """Without groups of another format, which the new repository cannot join.

    A declared group no longer contains it, and an undeclared one was refused in the preview (nexus/admission.py).
    """
    spelled = _api_format(ref.format)
    return replace(there, groups={name: entry for name, entry in there.groups.items() if entry["format"] == spelled})


def _group(name: str, entry: Mapping[str, Any]) -> Ref:
    return Ref("repository", name, str(entry["format"]).replace("maven2", "maven"), "group")


def _members(entry: Mapping[str, Any]) -> list[str]:
    return list((entry.get("group") or {}).get("memberNames") or [])


def _api_format(format_: str) -> str:
    """Answers and names of privileges have maven2 where URLs have maven."""
    return "maven2" if format_ == "maven" else format_


def _privilege(ref: Ref, action: str) -> str:
    """The name of a privilege that Nexus makes for the repository; the action is like view/read."""
    kind, _, what = action.partition("/")
    return f"nx-repository-{kind}-{_api_format(ref.format)}-{ref.name}-{what}"
