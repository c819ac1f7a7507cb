"""What only the state knows: the hosted repositories so far, their database and the networks the API is open to."""

from collections.abc import Callable, Mapping
from typing import Any

from nexus.http.client import NexusClient
from nexus.loss_guard import LossGuard
from nexus.objects.lockout import refuse_closed_api
from nexus.objects.ref import Ref

Body = Mapping[str, Any]


class Inventory:
    """Refuses a loss of content in the preview: the engine does not ask the provider before a deletion."""

    def __init__(self, guard: LossGuard, client: Callable[[], NexusClient]) -> None:
        self._guard = guard
        self._client = client

    def changes(self, before: Body, after: Body) -> bool:
        """Whether the inventory changes.

        Raises:
            Rejected: a removed repository holds content, or this machine would be locked out.
        """
        if _database(before) != _database(after):
            self._guard.refuse_other_database(_database(before), _database(after))
        for name in sorted(_names(before) - _names(after) - _names(before, "adopted")):
            self._guard.refuse(Ref("repository", name, type="hosted"), "removed")
        networks = after.get("restAllowedFrom")
        # Only if nginx still sees this machine under the same address afterwards.
        if networks is not None and before.get("trustedProxies") == after.get("trustedProxies"):
            refuse_closed_api(self._client(), str(networks))
        return before != after


def _database(body: Body) -> str:
    return str(body.get("database") or "embedded")


def _names(body: Body, key: str = "names") -> frozenset[str]:
    return frozenset(str(body.get(key) or "").split())
