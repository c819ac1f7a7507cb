"""Privileges. Nexus removes a deleted one from every role."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nexus import model
from nexus.kinds.base import Collection, Props
from nexus.model import Ref

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.session import Session

_EVERY_ACTION = frozenset({"BROWSE", "READ", "EDIT", "ADD", "DELETE"})
_ONE_AT_A_TIME = threading.Lock()


class Privilege(Collection):
    """A PUT through the path of another type damages a privilege for good."""

    def is_another(self, ref: Ref, found: Any) -> bool:
        return isinstance(found, Mapping) and found.get("type") != ref.type

    def title(self, variant: str) -> str:
        return f"privileges of the type {variant}"

    def place(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        return "", str(entry.get("type", ""))

    def canonical(self, body: Any) -> Any:
        """ALL stands for every action."""
        actions = model.at(body, ("actions",))
        if not isinstance(actions, list):
            return body
        named = {str(action).upper() for action in actions}
        return {**body, "actions": ["ALL"] if "ALL" in named or named >= _EVERY_ACTION else sorted(named)}

    def taken_by(self, client: NexusClient, ref: Ref) -> str:
        return f"{client.get(ref.path(self.read)).get('type')} {ref.kind}"

    def may_be_removed(self, session: Session, ref: Ref, props: Props) -> bool:
        """Remembers the roles that have a replaced one; Nexus's own read-only roles have only shipped privileges."""
        if (ref.kind, ref.name) in session.replaced:
            roles = session.reading().client.get("/v1/security/roles") or []
            having = (role["id"] for role in roles if not role.get("readOnly") and ref.name in role["privileges"])
            session.memberships[ref.kind, ref.name] = tuple(having)
        return True

    def after_create(self, session: Session, ref: Ref) -> None:
        roles = session.memberships.pop((ref.kind, ref.name), ())
        if not roles:
            return
        objects = session.writing()
        # One at a time: two replacements in the same role would overwrite each other's privileges.
        with _ONE_AT_A_TIME:
            for name in roles:
                role = Ref("role", name)
                if (live := objects.live(role)) is not None:
                    objects.update(role, {"privileges": sorted({*live["privileges"], ref.name})})


PRIVILEGE = Privilege(
    token="Privilege",
    section="privileges",
    refers={("repository",): "repository", ("contentSelector",): "contentSelector", ("scriptName",): "script"},
    create="/v1/security/privileges/{type}",
    item="/v1/security/privileges/{type}/{name}",
    read="/v1/security/privileges/{name}",
    remove="/v1/security/privileges/{name}",
    listing="/v1/security/privileges",
)
