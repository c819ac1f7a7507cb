"""Starts the Python processes of a run of Pulumi, and gives Pulumi the ports to attach to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cli.paths import ROOT

PROGRAM = ROOT / "__main__.py"
_PROVIDER = "pulumi-python"  # the name of the SDK's package of dynamic providers


@dataclass(frozen=True)
class Attached:
    """Arguments and environment that make Pulumi attach to the program and the provider instead of starting them."""

    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    _input: IO[bytes] | None = None

    def end_with(self, pulumi: int) -> None:
        """Passes Pulumi's process id on, so that the other processes end with Pulumi even if this one is killed."""
        if self._input:
            with suppress(BrokenPipeError):  # they have ended already, which Pulumi will report
                self._input.write(f"{pulumi}\n".encode())
                self._input.flush()


@contextmanager
def attached(
    environment: Mapping[str, str], *, program: Path | None = PROGRAM, errors: IO[bytes] | None = None
) -> Iterator[Attached]:
    """Starts the processes for one run; without a program, only the provider.

    If they cannot start, Pulumi gets no address: it starts its own processes and reports the problem.
    """
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.runtime", *([str(program)] if program else [])],
        cwd=program.parent if program else ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=errors,
        umask=0o077,  # the same as Pulumi's
        process_group=0,  # only Pulumi gets the terminal's signals
    )
    os.close(writing)
    try:
        yield _attached(reading, process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _until_closed(reading)
        if process.stdin:
            with suppress(BrokenPipeError):
                process.stdin.close()


def _attached(descriptor: int, process: subprocess.Popen[bytes]) -> Attached:
    ports = _line(descriptor).split()
    if len(ports) != 2:
        return Attached()
    language, provider = map(int, ports)
    environment = {"PULUMI_DEBUG_PROVIDERS": f"{_PROVIDER}:{provider}"}
    return Attached(("--client", f"127.0.0.1:{language}"), environment, process.stdin)


def _until_closed(descriptor: int) -> None:
    """Waits until the grandchildren have ended too: each of them keeps the pipe open until then."""
    while os.read(descriptor, 64):
        pass
    os.close(descriptor)


def _line(descriptor: int) -> str:
    """Reads a line, or until every writer has closed the pipe."""
    text = b""
    while not text.endswith(b"\n") and (data := os.read(descriptor, 64)):
        text += data
    return text.decode()
