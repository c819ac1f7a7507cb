"""One run's view of the server, shared by all of its objects."""

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from nexus import advice
from nexus.errors import NexusError, NotAsked, Unreachable
from nexus.gate import Gate
from nexus.http.access import Access
from nexus.http.client import NexusClient
from nexus.http.connection import WITHOUT_SERVER, Connection
from nexus.loss_guard import LossGuard
from nexus.objects.objects import Objects
from nexus.problem import Problem

UNKNOWN_YET = "known after up"
"""The initial password in the first preview of a managed server."""


class Session:
    """Logs in when the server is first needed, and finds out once whether it can be reached."""

    def __init__(self, get: Callable[[str], Any]) -> None:
        self._get = get
        self.is_managed = bool(get("initialPassword"))
        """Whether the stack runs the server: an external one has no initial password."""
        self._is_planned = get("initialPassword") == UNKNOWN_YET
        self.asks = not os.environ.get(WITHOUT_SERVER)
        self._lock = threading.Lock()
        self._access: Access | None = None
        self._objects: Objects | None = None
        self._is_reached: bool | None = None
        self._refusal: NexusError | None = None
        self._keeps_state = False
        self.replaced: dict[tuple[str, str], dict[str, Any]] = {}
        """The former declaration of each object that this run replaces, by kind and name."""
        self.memberships: dict[tuple[str, str], tuple[str, ...]] = {}
        """The names of what such an object was in, if Nexus removes it there."""
        allowed_loss = str(get("allowDataLoss") or "")
        self.guard = LossGuard(allowed_loss, self.reading)
        self.gate = Gate(allowed_loss, self)

    def client(self) -> NexusClient:
        """Sends requests with the configured credentials, whether the server accepts them or not.

        Raises:
            ValueError: the state holds no URL or password.
        """
        return NexusClient(Connection.configured(self._get))

    @property
    def access(self) -> Access:
        """The administrator's access.

        Raises:
            ValueError: the state holds no URL or password.
            NotAsked: this is a preview without the server.
        """
        if not self.asks:
            raise NotAsked(Problem(WITHOUT_SERVER, "the server is not asked", "a preview", f"unset {WITHOUT_SERVER}"))
        if self._access is None:
            self._access = Access(Connection.configured(self._get))
        return self._access

    def reading(self) -> Objects:
        """The objects of the server, in a preview or a refresh.

        Raises:
            NexusError: it does not answer, or accepts none of the known passwords.
        """
        client = self.access.reader(look_up=True)
        if self._objects is None or self._objects.client is not client:
            self._objects = Objects(client)
        return self._objects

    def writing(self) -> Objects:
        """The same, for changes: a new server is given the wanted password first.

        Raises:
            NexusError: it does not answer, accepts none of the known passwords, or is read-only.
        """
        self.access.writer()
        return self.reading()

    def is_reached(self) -> bool:
        """Whether the server can be reached before anything is applied: a new one does not exist yet."""
        with self._lock:
            if self._is_reached is None:
                self._refusal = self.access.refusal() if self.asks else None
                self._is_reached = self.asks and self._refusal is None
                if self._refusal and self.is_managed and not self._is_planned:
                    print(_unknown(self._refusal), file=sys.stderr, flush=True)
            return self._is_reached

    def unreached(self) -> list[str]:
        """What a preview reports as an error if the server is not reached."""
        return self.unasked(self._refusal) if self._refusal else []

    def unasked(self, error: NexusError) -> list[str]:
        """What a preview reports as an error if a question ended in one.

        Nothing for a managed server: an `up` may start it, renew its certificate or change its password.
        """
        return [] if self.is_managed else [_unknown(error)]

    def keeps_state(self) -> bool:
        """Whether a refresh keeps the last known state of every object, since the server cannot be read.

        If no trusted server answers, that is one warning and not an error: otherwise no `up` could restore a lost
        server or replace an expired certificate. Any other reason is raised as an error, only for the first object.
        """
        with self._lock:
            try:
                if not self._keeps_state:
                    self.access.reader(look_up=True)
            except NexusError as error:
                self._keeps_state = True
                if not isinstance(error, Unreachable):
                    raise
                print(f"refresh: the last known state is kept: {error}", file=sys.stderr, flush=True)
            return self._keeps_state


def _unknown(error: NexusError) -> str:
    return str(Problem("", f"it is not known what is on the server ({advice.NOT_ASKING}): {error}"))
