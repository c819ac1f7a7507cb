"""Runs the programs of a build step. Their output goes to the step's log, and another thread can stop them."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from preflight.child_environment import child_environment

_SECONDS_TO_END = 5


class Stopped(Exception):
    """The step was stopped before it was done: another step failed, or the user interrupted it."""


class Job:
    """Runs the programs of one step, one after the other."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(
        self, command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        """Runs a program; `env` is added to this process's.

        Raises:
            subprocess.CalledProcessError: it failed; the log says why.
            Stopped: the job was stopped.
        """
        with self.log.open("ab") as log:
            self._run(command, cwd, env, log)

    def output(
        self, command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> str:
        """Runs a program as `run` does and returns its stdout, stripped."""
        with self.log.open("ab") as log:
            return self._run(command, cwd, env, log, captured=True).decode().strip()

    def succeeds(
        self, command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> bool:
        """Runs a program and returns whether it succeeded."""
        try:
            self.run(command, cwd=cwd, env=env)
        except subprocess.CalledProcessError:
            return False
        return True

    def note(self, text: str) -> None:
        """Adds a line to the log."""
        with self.log.open("a") as log:
            log.write(f"{text}\n")

    def stop(self) -> None:
        """Ends the running program and lets no other one start."""
        with self._lock:
            self._stopped = True
            running = self._running
        if running:
            _end(running)

    def _run(
        self,
        command: Sequence[str | Path],
        cwd: Path | None,
        env: Mapping[str, str] | None,
        log: IO[bytes],
        captured: bool = False,
    ) -> bytes:
        with self._lock:
            if self._stopped:
                raise Stopped
            self._running = subprocess.Popen(
                command,
                cwd=cwd,
                env=child_environment(env or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if captured else log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches only this process, which then ends all others
            )
        output, _ = self._running.communicate()
        if self._stopped:
            raise Stopped
        if self._running.returncode:
            raise subprocess.CalledProcessError(self._running.returncode, [str(word) for word in command])
        return output or b""


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and its children, such as Go's compilers."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_END)
            return
