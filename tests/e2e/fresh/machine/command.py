"""A command that somebody types on a machine."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

HANGS_AFTER = 1200.0  # seconds; a test that waits longer tells nothing any more


class Failed(Exception):
    """A command that should have worked, with all that it printed."""


class Command:
    """Runs at once, in a session of its own as in a terminal; what it prints is in `output`."""

    def __init__(
        self,
        line: str,
        inside: list[str],
        environment: dict[str, str],
        log: Path,
        processes: Callable[[], dict[int, str]],
        join: Callable[[], None],
    ) -> None:
        def prepare() -> None:
            join()
            # Of a shell's background job, as these tests may be, every process ignores Ctrl-C.
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        self.line, self._log, self._processes = line, log, processes
        self.started = time.monotonic()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                inside,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=prepare,
            )

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    def wait(self) -> int:
        code = self._process.wait(HANGS_AFTER)
        self.seconds = time.monotonic() - self.started
        return code

    def wait_for_process(self, pattern: str) -> None:
        """Until a process of the machine has a command line that matches.

        Raises:
            Failed: the command ended before.
        """
        self._wait_for(
            lambda: any(re.search(pattern, line) for line in self._processes().values()), f"a process {pattern}"
        )

    def wait_for(self, happened: Callable[[], bool], what: str) -> None:
        """Until that is so; like `wait_for_process`."""
        self._wait_for(happened, what)

    def wait_for_words(self, pattern: str) -> None:
        """Until it has printed them; like `wait_for_process`."""
        self._wait_for(lambda: re.search(pattern, self.output) is not None, f"the words {pattern}")

    def interrupt(self) -> int:
        """As Ctrl-C does: the signal reaches every process of the terminal's session that is in the foreground."""
        return self._signal(signal.SIGINT)

    def kill(self) -> int:
        """kill -9 of the whole group."""
        return self._signal(signal.SIGKILL)

    def __enter__(self) -> "Command":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            with suppress(Failed):
                self.kill()

    def _signal(self, number: signal.Signals) -> int:
        try:
            os.killpg(self._leader(), number)
        except (ProcessLookupError, FileNotFoundError):
            raise Failed(f"{self.line} ended with {self.wait()} before it was cut off:\n{self.output}") from None
        return self.wait()

    def _leader(self) -> int:
        """Of the session inside: the child of nsenter, once there is one and it has made the session."""
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        while self._process.poll() is None:
            for child in map(int, path.read_text().split()):
                if os.getsid(child) == child:
                    return child
            time.sleep(0.02)
        raise ProcessLookupError(f"{self.line} has ended")

    def _wait_for(self, happened: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + HANGS_AFTER
        while not happened():
            if self._process.poll() is not None:
                raise Failed(f"{self.line} ended with {self.wait()} before there was {what}:\n{self.output}")
            if time.monotonic() > end:
                raise Failed(f"{self.line}: {what} has not come:\n{self.output}")
            time.sleep(0.02)
