"""Giving a setting that is no longer declared the value that it had before."""

import json
from collections.abc import Mapping
from typing import Any

from nexus import model, schema
from nexus.kinds import KINDS
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref


def prior_value_text(live: Mapping[str, Any] | None, body: Mapping[str, Any], earlier: Any = None) -> str:
    """What the state keeps of a setting: the former value of every field that is declared.

    It is a text, since properties that are null do not outlive the state. Fields that were noted earlier stay so.
    """
    former = model.select_declared(live, body) if live else {}
    return json.dumps(model.deep_merge(former, prior_value(earlier) or {}), separators=(",", ":")) if live else ""


def prior_value(kept: Any) -> dict[str, Any] | None:
    """What was noted; an object is how older states kept it."""
    if isinstance(kept, str) and kept:
        former: dict[str, Any] = json.loads(kept)
        return former
    return model.plain(kept) if isinstance(kept, Mapping) else None


class Restoration:
    """Brings back what was there, or the server's own where that cannot be sent again."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def restore(self, ref: Ref, before: Mapping[str, Any] | None) -> None:
        kind = KINDS[ref.kind]
        if before and self._can_be_sent(ref, before):
            self._objects.update(ref, before)
        elif kind.remove:
            self._objects.delete(ref)
        elif before and before.get("enabled") is False:
            # A server without a URL, as Nexus ships it, cannot be sent and not be deleted: it is at least not asked.
            self._objects.update(ref, {"enabled": False})

    def _can_be_sent(self, ref: Ref, before: Mapping[str, Any]) -> bool:
        """Servers show settings that they would refuse: an e-mail server without host, a password left out."""
        kind = KINDS[ref.kind]
        if kind.body_key:
            return True
        live = self._objects.live(ref) or {}
        whole = schema.fitting(ref.request, model.deep_merge(live, before))
        return not schema.violations(ref.request, whole)
