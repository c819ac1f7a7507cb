"""One run's view of the server, shared by all of its objects."""

import sys
import threading
from collections.abc import Callable
from typing import Any

from nexus.errors import NexusError, Unreachable
from nexus.gate import Gate
from nexus.http.access import Access
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from nexus.loss_guard import LossGuard
from nexus.objects.objects import Objects


class Session:
    """Logs in when the server is first needed, and finds out once whether it can be reached."""

    def __init__(self, get: Callable[[str], Any]) -> None:
        self._get = get
        self._lock = threading.Lock()
        self._access: Access | None = None
        self._objects: Objects | None = None
        self._is_reached: bool | None = None
        self._keeps_state = False
        self.replaced: dict[tuple[str, str], dict[str, Any]] = {}
        """The former declaration of each object that this run replaces, by kind and name."""
        self.memberships: dict[tuple[str, str], tuple[str, ...]] = {}
        """The names of what such an object was in, if Nexus removes it there."""
        allowed_loss = str(get("allowDataLoss") or "")
        self.guard = LossGuard(allowed_loss, self.reading)
        self.gate = Gate(allowed_loss, self.reading)

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
        """
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
                self._is_reached = self.access.answers()
            return self._is_reached

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
