"""Adopts an object that is on the server already."""

from collections.abc import Mapping
from typing import Any

from nexus import model
from nexus.kinds import KINDS
from nexus.objects import bodies
from nexus.objects.differences import differing, hidden
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref
from nexus.recreation import Recreation, refuse_content


class Takeover:
    """Adopts an existing object: changes it in place, or replaces a repository that is on another blob store."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def adopt(self, ref: Ref, body: Mapping[str, Any]) -> str:
        """Changes the existing object to what the body declares; returns its id on the server, if it has one.

        Raises:
            Rejected: it would have to be replaced and holds content.
        """
        live = self._objects.live(ref, body) or {}
        assigned = KINDS[ref.kind].id_field
        if assigned:
            ref = ref.with_id(str(live[assigned]))
        if self.on_other_blob_store(ref, live, body):
            refuse_content(self._objects, ref, _store_of(live))
            Recreation(self._objects).recreate(ref, bodies.complete(KINDS[ref.kind], live, body))
        elif self.changes(ref, live, body):
            self._objects.update(ref, body)
        return ref.id

    @staticmethod
    def on_other_blob_store(ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether it is a repository on another blob store than the body declares."""
        return ref.kind == "repository" and _store_of(live) != _store_of(body, _store_of(live))

    @classmethod
    def changes(cls, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether the body is sent: it differs from the current state, or has something that no answer shows.

        If no secret is declared, none is sent and the server keeps its own.
        """
        unseen = bool(model.without(dict(body), hidden(ref, live)) != dict(body))
        return cls.on_other_blob_store(ref, live, body) or unseen or bool(differing(ref, live, body))


def _store_of(body: Mapping[str, Any], otherwise: str = "default") -> str:
    return str((body.get("storage") or {}).get("blobStoreName", otherwise))
