"""Capabilities."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from nexus.kinds.base import Collection
from nexus.model import PLACEHOLDER, Path, Ref
from nexus.problem import Problem

if TYPE_CHECKING:
    from nexus.server_api import ServerApi

SHIPPED: Mapping[str, Mapping[str, str]] = {
    "audit": {},
    "OutreachManagementCapability": {},
    "rapture.settings": {
        "title": "Sonatype Nexus Repository",
        "debugAllowed": "true",
        "statusIntervalAuthenticated": "5",
        "statusIntervalAnonymous": "60",
        "sessionTimeout": "30",
        "requestTimeout": "60",
        "longRequestTimeout": "180",
    },
}
"""The capabilities of a new server by type, with their properties; all of them are enabled."""


class Capability(Collection):
    """Which types there are differs between servers, their editions and plugins."""

    def is_own(self, entry: Mapping[str, Any]) -> bool:
        shipped = SHIPPED.get(str(entry.get("type")))
        return super().is_own(entry) or bool(entry.get("enabled") and shipped == (entry.get("properties") or {}))

    def hidden(self, ref: Ref, live: Mapping[str, Any] | None = None) -> frozenset[Path]:
        """Properties that the server masks, and the secret of a webhook, which newer servers do not return (3.87.1)."""
        of_live = live or {}
        shown = of_live.get("properties") or {}
        names = {name for name, value in shown.items() if value == PLACEHOLDER}
        if str(of_live.get("type")).startswith("webhook.") and shown.get("secret") is None:
            names.add("secret")
        return super().hidden(ref, live) | {("properties", name) for name in names}

    def request_of(self, request: str, body: Mapping[str, Any]) -> str:
        return f"{request}/{body.get('type')}"

    def unsupported(self, api: ServerApi, type_: str, key: str) -> Problem | None:
        known = frozenset() if api.lacks("capability") else api.capability_types
        if not known or type_ in known:
            return None
        near = get_close_matches(type_, known, n=1)
        return Problem(
            f"{key}.type",
            f"{api.title} has no capability of this type",
            f"{', '.join(sorted(known))}{f' (did you mean {near[0]}?)' if near else ''}",
            f"edit {key}.type",
            got=repr(type_),
        )


IN_PROPERTIES: Mapping[Path, str] = {
    ("properties", "repositoryName"): "repository",
    ("properties", "repository"): "repository",
    ("properties", "blobstoreName"): "blobStore",
    ("properties", "blobStoreName"): "blobStore",
}
"""What the properties of capabilities and tasks name."""
CAPABILITY = Capability.at(
    "/v1/capabilities",
    "{id}",
    token="Capability",
    section="capabilities",
    refers=IN_PROPERTIES,
    identity="",
    id_field="id",
    key=itemgetter("type"),
    replaces=frozenset({("type",)}),
)
