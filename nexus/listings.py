"""One request for all objects of a kind instead of one for each: Nexus's Community Edition counts requests."""

import threading
import time
from typing import Any

from nexus.client import NexusClient

# Long enough for the reads of one refresh, short enough that nobody acts on an old answer.
_FRESH_SECONDS = 5.0

Entries = dict[str, dict[str, Any]]


class Listings:
    """The server's lists as last read; a write forgets them all."""

    def __init__(self, client: NexusClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._read: dict[str, tuple[float, Entries]] = {}

    def entry(self, path: str, identity: str, name: str) -> dict[str, Any] | None:
        with self._lock:
            at, entries = self._read.get(path, (0.0, {}))
            if time.monotonic() - at > _FRESH_SECONDS:
                entries = {str(entry[identity]): entry for entry in self._client.get(path) or []}
                self._read[path] = (time.monotonic(), entries)
            return entries.get(name)

    def forget(self) -> None:
        with self._lock:
            self._read.clear()
