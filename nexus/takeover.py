"""Making a repository anew where its blob store has to change, without losing what nobody declared.

Nexus ships four repositories on the blob store `default` and moves none to another one.
"""

import threading
from collections.abc import Mapping
from typing import Any

from nexus import model
from nexus.errors import NexusError, Rejected
from nexus.kinds import KINDS
from nexus.objects.differences import differing, hidden
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref

_ONE_AT_A_TIME = threading.Lock()


class Takeover:
    """An existing repository becomes ours: changed where it can be, else made anew while it holds nothing."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def adopt(self, ref: Ref, body: Mapping[str, Any]) -> str:
        """Makes the existing object what the body declares; gives back the server's id of it, if it has one.

        Raises:
            Rejected: it would have to be made anew and holds content.
        """
        live = self._objects.live(ref, body) or {}
        assigned = KINDS[ref.kind].assigned
        if assigned:
            ref = ref.with_id(str(live[assigned]))
        if ref.kind == "repository" and self.is_elsewhere(live, body):
            self._renew(ref, live, body)
        elif differing(ref, live, body) or self._holds_hidden(ref, live, body):
            self._objects.update(ref, body)
        return ref.id

    @classmethod
    def is_elsewhere(cls, live: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether the repository is on another blob store than the body declares."""
        return cls._store_of(live) != cls._store_of(body, cls._store_of(live))

    def _holds_hidden(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether something is declared that no answer shows: whether the server has it is known only after a PUT.

        Where no secret is declared none is sent, and the server keeps its own.
        """
        return bool(model.without(dict(body), hidden(ref, live)) != dict(body))

    @staticmethod
    def _store_of(body: Mapping[str, Any], otherwise: str = "default") -> str:
        return str((body.get("storage") or {}).get("blobStoreName", otherwise))

    def _renew(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        # One at a time: a repository is out of its groups for a moment, which another one's groups must not see.
        with _ONE_AT_A_TIME:
            self._make_anew(ref, live, body)

    def _make_anew(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        if self.holds_content(ref):
            raise Rejected(
                f"{ref} holds content on blob store {self._store_of(live)}, which Nexus cannot move: declare that "
                f"blob store for it, or move its content to a repository of another name first"
            )
        groups = self._groups_of(ref)
        self._objects.delete(ref)
        try:
            self._objects.create(ref, model.overlaid(dict(live), body))
        except NexusError:
            self._objects.create(ref, live)
            raise
        finally:
            self._rejoin(groups)

    def holds_content(self, ref: Ref) -> bool:
        """Whether the repository has anything stored. A group stores nothing of its own."""
        if ref.type == "group":
            return False
        page = self._objects.client.get("/v1/assets", repository=ref.name) or {}
        return bool(page.get("items"))

    def _groups_of(self, ref: Ref) -> list[tuple[Ref, list[str]]]:
        """The groups that read the repository; Nexus takes it out of them when it goes."""
        found = []
        for entry in self._objects.client.get("/v1/repositorySettings") or []:
            members = (entry.get("group") or {}).get("memberNames") or []
            if ref.name in members:
                found.append((Ref("repository", entry["name"], ref.format, "group"), members))
        return found

    def _rejoin(self, groups: list[tuple[Ref, list[str]]]) -> None:
        for group, members in groups:
            self._objects.update(group, {"group": {"memberNames": members}})
