"""A command that a user types on a machine."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

HANGS_AFTER = 2400.0  # seconds; a cold make up compiles for minutes, and other tiers take the processors meanwhile


class Failed(Exception):
    """A command failed that should have succeeded; with all its output."""


class Command:
    """Starts at once, in its own session as in a terminal; `output` is what it has printed."""

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
            # In a background job of a shell, as these tests may be, all processes ignore Ctrl-C.
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
        """Returns its exit code.

        Raises:
            Failed: it hangs. What it printed last comes first, since pytest's summary shows one line.
        """
        try:
            code = self._process.wait(HANGS_AFTER)
        except subprocess.TimeoutExpired:
            last = self.output.rstrip().rpartition("\n")[2]
            running = "\n".join(self._processes().values())
            raise Failed(f"{self.line} has run for {HANGS_AFTER:.0f} s: {last}\n{running}\n{self.output}") from None
        self.seconds = time.monotonic() - self.started
        return code

    def wait_for_process(self, pattern: str) -> None:
        """Waits for a process of the machine whose command line matches.

        Raises:
            Failed: the command ended before.
        """
        self._wait_for(
            lambda: any(re.search(pattern, line) for line in self._processes().values()), f"a process {pattern}"
        )

    def wait_for(self, happened: Callable[[], bool], what: str) -> None:
        """Waits for a condition; raises like `wait_for_process`."""
        self._wait_for(happened, what)

    def wait_for_words(self, pattern: str) -> None:
        """Waits for words in its output; raises like `wait_for_process`."""
        self._wait_for(lambda: re.search(pattern, self.output) is not None, f"the words {pattern}")

    def interrupt(self) -> int:
        """Signals every process of the terminal's foreground group, as Ctrl-C does."""
        return self._signal(signal.SIGINT)

    def kill(self) -> int:
        """Runs kill -9 on the whole process group."""
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
        """The session's leader on the machine: nsenter's child, once it has created the session."""
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
