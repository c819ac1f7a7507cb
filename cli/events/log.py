"""Pulumi's event log, read while it is written."""

import os
import tempfile
from collections.abc import Iterator

from cli.events.event import Event, parse


class EventLog:
    """A file without a name: what providers write for debugging may be secret, and nothing of it is left.

    Pulumi opens it by `path`, and cuts it off when it goes from the preview to the update.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b", buffering=0)  # noqa: SIM115
        self._position = 0
        self._rest = b""

    @property
    def descriptor(self) -> int:
        """To be inherited by Pulumi."""
        return self._file.fileno()

    @property
    def path(self) -> str:
        return f"/dev/fd/{self.descriptor}"

    def new(self) -> Iterator[Event | None]:
        """The events since the last call. None is between those of a preview and those of what follows it."""
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
                yield event

    def text(self) -> str:
        """Everything that is in it."""
        return os.pread(self.descriptor, os.fstat(self.descriptor).st_size, 0).decode()

    def close(self) -> None:
        self._file.close()
