"""Checks whether the server supports what is declared, before anything is created: one problem for each cause."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from nexus import schema
from nexus.advice import ALLOW_DATA_LOSS, DATABASE, REALMS, entry
from nexus.http.listing import fetched
from nexus.kinds import KINDS
from nexus.objects.objects import Objects
from nexus.objects.users_of import users_of
from nexus.problem import Problem
from nexus.server_api import ServerApi

Declared = Mapping[str, list[str]]
"""The keys of declared objects, like repositories.docker-private, by request, like repository/docker/hosted."""

REALM = "realm"
"""In the place of a request: the keys of realms, which are only names in the list of active ones."""
KEPT = "kept"
"""In the place of a request: the keys of objects that stay on the server when they are no longer declared."""
UNPLACED = "unplaced"
"""In the place of a request: the keys of adopted repositories without a declared blob store, which keep theirs."""


class Admission:
    """Compares the declarations before and after; asks the server only about what is added or removed."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._api = ServerApi(objects.client)

    def problems(self, declared: Declared, before: Declared, allowed: frozenset[str]) -> list[Problem]:
        """Includes entries of `allowed`, the names whose content may be lost, that are not names of repositories."""
        new = _without(declared, before)
        leaving = _without(before, declared) if before else {}
        return [
            *self._unsupported(new),
            *self._differing_in_case(new),
            *self._unsupported_types(new),
            *self._realms(new),
            *self._scripts(new),
            *self._used_by_others(leaving, declared, before),
            *_unknown(allowed, [_name(key) for each in (declared, before) for key in _of_kind(each, "repository")]),
        ]

    def _unsupported(self, new: Declared) -> Iterator[Problem]:
        causes: dict[str, list[str]] = defaultdict(list)
        for request, keys in new.items():
            if self._api.lacks(request):
                kind, _, variant = request.partition("/")
                causes[KINDS[kind].title(variant)] += keys
        for cause, keys in causes.items():
            yield Problem(
                _several(keys),
                f"{self._api.title} has no {cause}, according to its swagger.json",
                self._alternatives(cause),
                f"remove {_out(keys[0])}, or run a release or edition that has it",
            )

    def _alternatives(self, cause: str) -> str:
        if not cause.startswith("repositories of"):
            return "what it supports"
        known = self._api.having(request for request in schema.requests() if request.startswith("repository/"))
        formats: dict[str, list[str]] = defaultdict(list)
        for request in known:
            formats[request.split("/")[1]].append(request.split("/")[2])
        return ", ".join(f"{name} ({', '.join(sorted(types))})" for name, types in formats.items()) or "none"

    def _differing_in_case(self, new: Declared) -> Iterator[Problem]:
        for name in sorted({_kind(request) for request in new} & KINDS.keys(), reverse=True):
            if not KINDS[name].ignores_case:
                continue
            keys = _of_kind(new, name)
            kind = self._objects.kind(name)
            there = {
                str(entry.get("name", "")).lower(): str(entry.get("name", ""))
                for entry in fetched(self._objects.client, kind.listing, kind.page)
            }
            for key in keys:
                own = _name(key)
                other = there.get(own.lower(), own)
                if other != own:
                    yield Problem(
                        key,
                        f"the server has {other!r}, which differs in capital letters only: for Nexus they are one name",
                        f"a name that differs in more, or {other} with adopt: true",
                        f"rename {key}",
                    )

    def _unsupported_types(self, new: Declared) -> Iterator[Problem]:
        for request, keys in new.items():
            kind, _, type_ = request.partition("/")
            if kind in KINDS and (problem := KINDS[kind].unsupported(self._api, type_, keys[0])):
                yield problem

    def _realms(self, new: Declared) -> Iterator[Problem]:
        unknown = [name for key in new.get(REALM, ()) if (name := _name(key)) not in self._api.realms]
        if unknown and self._api.realms:
            yield Problem(
                REALMS,
                f"{self._api.title} has no realm {_several(unknown)}",
                ", ".join(sorted(self._api.realms)),
                f"list under {REALMS} what it has: {entry(REALMS, 0, 'NexusAuthenticatingRealm')}",
            )

    def _scripts(self, new: Declared) -> Iterator[Problem]:
        keys = new.get("script")
        if not keys or self._api.lacks("script"):
            return
        there = {entry.get("name") for entry in self._objects.entries("script")}
        keys = [key for key in keys if _name(key) not in there]
        if keys and not self._api.takes_scripts:
            yield Problem(
                _several(keys),
                f"{self._api.title} accepts no new scripts: its nexus.properties does not set "
                "nexus.scripts.allowCreation=true",
                "no scripts",
                "remove it, or set that in nexus.properties",
            )

    def _used_by_others(self, leaving: Declared, declared: Declared, before: Declared) -> Iterator[Problem]:
        # What was adopted stays when it is no longer declared.
        stays = {key for key in before.get(KEPT, ()) if not any(key in keys for keys in declared.values())}
        ours = {
            (_kind(request), _name(key))
            for each in (declared, before)
            for request in each
            for key in each[request]
            if key not in stays
        }
        unplaced = {("repository", _name(key)) for key in declared.get(UNPLACED, ())}
        for request, keys in leaving.items():
            holds_content = _kind(request) in KINDS and KINDS[_kind(request)].holds_content
            for key in sorted(set(keys) - set(before.get(KEPT, ()))):
                if _is_of_the_same_format(request, key, declared):
                    continue  # the replacement gets its memberships in groups and roles
                found = sorted(users_of(self._objects, _kind(request), _name(key)))
                users = [f"{kind} {name}" for kind, name in found if (kind, name) not in ours]
                staying = [name for kind, name in found if holds_content and (kind, name) in unplaced]
                if staying:
                    yield Problem(
                        key,
                        f"would be removed, but the adopted {_several(staying)}, whose blob store is undeclared, "
                        f"stays on it",
                        "to remove what nothing else uses",
                        f"declare repositories.{staying[0]}.storage.blobStoreName, or declare {key} again",
                    )
                if users:
                    yield Problem(
                        key,
                        f"would be {_verb(key, declared)}, but is used by {_several(users)} on the server, which the "
                        f"stack does not declare",
                        "to remove what nothing else uses",
                        f"remove that use first, or declare {key} again",
                    )


def _unknown(allowed: frozenset[str], repositories: list[str]) -> Iterator[Problem]:
    for name in sorted(allowed - {*repositories, DATABASE}):
        near = get_close_matches(name, repositories, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        yield Problem(
            ALLOW_DATA_LOSS,
            "no repository of the stack has or had this name",
            f"{', '.join(sorted({*repositories, DATABASE}))}{hint}",
            f"remove {name} from {ALLOW_DATA_LOSS}, or correct it",
            got=repr(name),
        )


def _without(declared: Declared, other: Declared) -> dict[str, list[str]]:
    left = {request: [key for key in keys if key not in other.get(request, ())] for request, keys in declared.items()}
    return {request: keys for request, keys in left.items() if keys}


def _of_kind(declared: Declared, kind: str) -> list[str]:
    return [key for request, keys in declared.items() if _kind(request) == kind for key in keys]


def _verb(key: str, declared: Declared) -> str:
    return "replaced by another format" if key in _of_kind(declared, "repository") else "removed"


def _is_of_the_same_format(request: str, key: str, declared: Declared) -> bool:
    """Whether a repository of that name and format is still declared, even if its type is another one."""
    kind, _, rest = request.partition("/")
    start = f"{kind}/{rest.partition('/')[0]}/"
    in_place = kind in KINDS and KINDS[kind].is_replaced_in_place
    return in_place and any(key in keys for other, keys in declared.items() if other.startswith(start))


def _kind(request: str) -> str:
    return request.partition("/")[0]


def _name(key: str) -> str:
    return key.partition(".")[2] or key


def _out(key: str) -> str:
    """Most tasks are not in a section: they follow from `maintenance`."""
    return "maintenance (or the task)" if key.startswith("tasks.") else "it"


def _several(names: list[str]) -> str:
    """Up to five names, and how many more there are."""
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
