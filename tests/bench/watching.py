"""Samples the processes of a stack's Pulumi runs during a measurement."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.integration.provider.play import Play


class Watch:
    """Calls `look` repeatedly in a thread inside the block."""

    sample_seconds = 0.05

    def __init__(self, play: Play) -> None:
        self._backend = f"PULUMI_BACKEND_URL={play.environment['PULUMI_BACKEND_URL']}".encode()

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(self.sample_seconds):
            self.look()

    def look(self) -> None:
        """Takes a sample of `processes`, any of which can end at any time."""
        raise NotImplementedError

    def processes(self) -> Iterator[Path]:
        """The folders in /proc of all processes on the machine."""
        return Path("/proc").glob("[0-9]*")

    def is_of_stack(self, process: Path) -> bool:
        """Whether a process has the environment of the stack's Pulumi.

        Raises:
            OSError: the process has ended.
        """
        return self._backend in (process / "environ").read_bytes().split(b"\0")
