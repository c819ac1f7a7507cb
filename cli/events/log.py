"""Reads Pulumi's event log while Pulumi writes it."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace

from cli.events.event import Event, Step, parse


class EventLog:
    """A file without a name, so that nothing of it remains: debug messages of providers may contain secrets.

    Pulumi opens it by `path`, and truncates it between the preview and the update.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b", buffering=0)  # noqa: SIM115
        self._position = 0
        self._rest = b""
        self._refreshed: set[str] = set()

    @property
    def descriptor(self) -> int:
        """The file descriptor that Pulumi inherits."""
        return self._file.fileno()

    @property
    def path(self) -> str:
        return f"/dev/fd/{self.descriptor}"

    def new(self) -> Iterator[Event | None]:
        """The events since the last call; None separates those of a preview from those of the update."""
        size = os.fstat(self.descriptor).st_size
        if size < self._position:
            self._position, self._rest = 0, b""
            yield None
        data = os.pread(self.descriptor, size - self._position, self._position)
        self._position += len(data)
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            event = parse(line.decode()) if line.strip() else None
            if event is not None:
                yield self._remade(event) if isinstance(event, Step) else event

    def _remade(self, step: Step) -> Step:
        """A step; what was in the state and is gone from the server is created, even if it was once adopted."""
        if step.operation == "refresh":
            self._refreshed.add(step.urn)
        return replace(step, operation="create") if step.operation == "adopt" and step.urn in self._refreshed else step

    def text(self) -> str:
        """The content of the file."""
        return os.pread(self.descriptor, os.fstat(self.descriptor).st_size, 0).decode()

    def close(self) -> None:
        self._file.close()
