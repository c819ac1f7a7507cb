"""Restores the prior value of a setting that is no longer declared."""

import json
from collections.abc import Mapping
from typing import Any

from nexus import model, schema
from nexus.kinds import KINDS
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref


def prior_value_text(live: Mapping[str, Any] | None, body: Mapping[str, Any], earlier: Any = None) -> str:
    """The prior value of every declared field of a setting, as the state keeps it.

    It is a JSON text, since a state does not keep properties that are null. Values recorded earlier win.
    """
    former = model.select_declared(live, body) if live else {}
    return json.dumps(model.deep_merge(former, prior_value(earlier) or {}), separators=(",", ":")) if live else ""


def prior_value(kept: Any) -> dict[str, Any] | None:
    """The recorded prior value; older states have it as an object."""
    if isinstance(kept, str) and kept:
        former: dict[str, Any] = json.loads(kept)
        return former
    return model.plain(kept) if isinstance(kept, Mapping) else None


class Restoration:
    """Restores the prior value, or the server's default if the prior value cannot be sent."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def restore(self, ref: Ref, before: Mapping[str, Any] | None) -> None:
        kind = KINDS[ref.kind]
        if before and self._can_be_sent(ref, before):
            self._objects.update(ref, before)
        elif kind.remove:
            self._objects.delete(ref)
        elif before and before.get("enabled") is False:
            # The shipped setting, a server without a URL, can neither be sent nor deleted: at least it is disabled.
            self._objects.update(ref, {"enabled": False})

    def _can_be_sent(self, ref: Ref, before: Mapping[str, Any]) -> bool:
        """Servers return settings that they would refuse: an e-mail server without a host, a missing password."""
        kind = KINDS[ref.kind]
        if kind.body_key:
            return True
        live = self._objects.live(ref) or {}
        whole = schema.fitting(ref.request, model.deep_merge(live, before))
        return not schema.violations(ref.request, whole)
