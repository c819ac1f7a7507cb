"""What happens on the server to an object that is no longer declared, or whose stack is destroyed."""

import sys
from collections.abc import Mapping
from typing import Any

from nexus import model
from nexus.errors import NexusError, Rejected
from nexus.kinds import KINDS
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref
from nexus.restoration import Restoration, prior_value
from nexus.shipped import REPOSITORIES as SHIPPED


def stays(props: Mapping[str, Any]) -> bool:
    """Whether it stays on the server: its declaration says so, or it existed before the stack."""
    return KINDS[props["kind"]].stays(props)


class Removal:
    """Deletes objects and restores the prior values of settings."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def remove(self, ref: Ref, props: Mapping[str, Any]) -> None:
        kind = KINDS[ref.kind]
        if kind.sequence:
            return
        if kind.is_restored:
            Restoration(self._objects).restore(ref, prior_value(props.get("before")))
        elif ref.kind == "blobStore":
            self._forget_blob_store(ref)
        else:
            self._objects.delete(ref)

    def is_another(self, ref: Ref, props: Mapping[str, Any]) -> bool:
        """Whether the repository of that name was replaced or removed before this run."""
        body = props["body"]
        live = self._objects.at_first(ref, body)
        store = model.at(body, ("storage", "blobStoreName"))
        return live is None or bool(store and model.at(live, ("storage", "blobStoreName")) != store)

    def _forget_blob_store(self, ref: Ref) -> None:
        """Deletes a blob store, or leaves it if only shipped repositories use it."""
        try:
            self._objects.delete(ref)
        except Rejected:
            users = self._users(ref.name)
            if not users or users - SHIPPED:
                raise
            print(f"{ref} stays: {', '.join(sorted(users))} is on it", file=sys.stderr, flush=True)

    def _users(self, store: str) -> frozenset[str]:
        try:
            found = self._objects.client.get("/v1/repositorySettings") or []
        except NexusError:
            return frozenset()
        return frozenset(each["name"] for each in found if model.at(each, ("storage", "blobStoreName")) == store)
