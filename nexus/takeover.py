"""Adopts an object that is on the server already."""

from collections.abc import Mapping
from typing import Any

from nexus import model
from nexus.kinds import KINDS
from nexus.model import Ref
from nexus.objects.objects import Objects
from nexus.recreation import Recreation, refuse_content


class Takeover:
    """Adopts an existing object: changes it in place, or replaces a repository that is on another blob store."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def adopt(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[str, bool]:
        """Changes the existing object to what the body declares.

        Returns its id on the server, if it has one, and whether a change was sent.

        Raises:
            Rejected: it would have to be replaced and holds content.
        """
        kind = KINDS[ref.kind]
        if kind.id_field:
            ref = ref.with_id(str(live[kind.id_field]))
        if kind.is_elsewhere(live, body):
            refuse_content(self._objects, ref, live)
            Recreation(self._objects).recreate(ref, kind.complete(live, body))
        elif self.changes(ref, live, body):
            self._objects.update(ref, body)
        else:
            return ref.id, False
        return ref.id, True

    @staticmethod
    def changes(ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether the body is sent: it differs from the current state, or has something that no answer shows.

        If no secret is declared, none is sent and the server keeps its own.
        """
        kind = KINDS[ref.kind]
        unseen = bool(model.without(dict(body), kind.hidden(ref, live)) != dict(body))
        return kind.is_elsewhere(live, body) or unseen or bool(kind.differing(ref, live, body))
