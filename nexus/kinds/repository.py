"""Repositories. Their format is spelled as in URLs, `maven`; answers have `maven2`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Collection as Names
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from nexus import advice, model, schema
from nexus.errors import Rejected
from nexus.kinds.base import REMOTE, Collection, Props
from nexus.kinds.form import Body
from nexus.model import Path, Ref
from nexus.problem import Problem
from nexus.schema.violation import MISSING

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.session import Session

SHIPPED = frozenset({"maven-central", "maven-public", "maven-releases", "maven-snapshots"})
"""On the blob store `default`. Undeclared settings, such as the remote of maven-central, are left to the server."""
_STORE = ("storage", "blobStoreName")


class Repository(Collection):
    """Nexus changes neither the blob store nor the format or type of a repository: it has to be replaced."""

    ignores_case: ClassVar[bool] = True
    is_replaced_in_place: ClassVar[bool] = True

    def is_shipped(self, name: str) -> bool:
        return name in SHIPPED

    def is_another(self, ref: Ref, found: Any) -> bool:
        there = str(found.get("format")).removesuffix("2"), found.get("type")
        return there != (ref.format.removesuffix("2"), ref.type)

    def is_elsewhere(self, live: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether it is on another blob store."""
        there = (live.get("storage") or {}).get("blobStoreName", "default")
        return str((body.get("storage") or {}).get("blobStoreName", there)) != str(there)

    def is_unplaced(self, body: Mapping[str, Any]) -> bool:
        return model.at(body, _STORE) is None

    def is_meant_by(self, name: str, named: Names[Any]) -> bool:
        """Nexus deletes a repository's privileges with it and removes them from every role."""
        return name in named or any(action_of(name, str(each)) for each in named)

    def title(self, variant: str) -> str:
        format_, _, type_ = variant.partition("/")
        return f"repositories of the format {format_} and the type {type_}"

    def place(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        format_ = str(entry.get("format", ""))
        return "maven" if format_ == "maven2" else format_, str(entry.get("type", ""))

    def placeholder(self, ref: Ref) -> Ref:
        return replace(ref, name=f"{ref.name}.replacement")

    def complete(self, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
        """Answers of proxies have a write policy, which is no setting of theirs."""
        if live.get("type") == "proxy":
            live = model.without(live, [("storage", "writePolicy")])
        return super().complete(live, declared)

    def completed(self, request: str, name: str, body: Mapping[str, Any]) -> Body:
        return super().completed(request, name, model.deep_merge({"storage": {"blobStoreName": "default"}}, body))

    def hidden(self, ref: Ref, live: Mapping[str, Any] | None = None) -> frozenset[Path]:
        """Many versions since 3.84 accept latestPolicy but do not return it; none returns replication."""
        return super().hidden(ref, live) | {("storage", "latestPolicy"), ("replication",)}

    def shown(self, found: Any, attributes: Callable[[], Mapping[str, Any]]) -> Any:
        """Releases before 3.78 return what is special about a raw group only to their administration pages."""
        if not isinstance(found, Mapping) or not is_raw_group(found) or found.get("raw"):
            return found
        part = attributes().get("raw")
        return {**found, "raw": part} if isinstance(part, Mapping) and part else found

    def unshown(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
        whole = schema.fitting(ref.request, model.deep_merge(live, self.both_names(body)))
        return [found.path for found in schema.violations(ref.request, whole) if found.problem == MISSING]

    def taken_by(self, client: NexusClient, ref: Ref) -> str:
        taken = client.get(ref.path(self.remove))
        return " ".join([*(str(taken[key]) for key in ("format", "type") if key in taken), ref.kind])

    def refuse_reset(self, ref: Ref, live: Mapping[str, Any] | None, body: Mapping[str, Any]) -> None:
        """Releases before 3.78 do not show the one setting of a raw group."""
        if live and ref.format == "raw" and not live.get("raw") and not body.get("raw"):
            raise Rejected(
                Problem(
                    str(ref),
                    "a change would reset raw.contentDisposition, which this server does not show",
                    "INLINE or ATTACHMENT",
                    advice.repository(ref.name, "raw.contentDisposition", "ATTACHMENT"),
                )
            )

    def may_be_removed(self, session: Session, ref: Ref, props: Props) -> bool:
        """Not if it was replaced or removed, in this run or before."""
        if (ref.kind, ref.name) in session.replaced:
            return False
        body = model.plain(props["body"])
        live, store = session.reading().at_first(ref, body), model.at(body, _STORE)
        if live is None or (store and model.at(live, _STORE) != store):
            return False
        session.guard.refuse(ref, "removed")
        return True


def is_raw_group(entry: Mapping[str, Any]) -> bool:
    return entry.get("format") == "raw" and entry.get("type") == "group"


def action_of(name: str, privilege: str) -> str:
    """What a privilege that Nexus made for the repository allows, like view/read; empty for any other privilege.

    Their names are like nx-repository-view-maven2-releases-read.
    """
    for what in ("view", "admin"):
        start, end = f"nx-repository-{what}-", privilege.rpartition("-")
        if privilege.startswith(start) and end[0].removeprefix(start).partition("-")[2] == name:
            return f"{what}/{end[2]}"
    return ""


REPOSITORY = Repository(
    token="Repository",
    section="repositories",
    after=REMOTE,
    local=frozenset({"hosted", "group"}),
    refers={
        ("group", "memberNames"): "repository",
        _STORE: "blobStore",
        ("cleanup", "policyNames"): "cleanupPolicy",
        ("routingRuleName",): "routingRule",
        ("routingRule",): "routingRule",
    },
    create="/v1/repositories/{format}/{type}",
    item="/v1/repositories/{format}/{type}/{name}",
    remove="/v1/repositories/{name}",
    listing="/v1/repositorySettings",
    response_aliases={"routingRule": "routingRuleName"},
    replaces=frozenset({_STORE}),
    unordered=frozenset({("cleanup", "policyNames")}),
    upper=frozenset({("storage", "writePolicy")}),
    # No release before 3.78 returns it for groups, though all keep it.
    omitted_in_response=frozenset({"raw"}),
)
