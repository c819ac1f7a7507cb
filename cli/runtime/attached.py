"""Starts the Python of a run of Pulumi, and tells Pulumi where to attach to it."""

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
    """What Pulumi is given, so that it starts neither the program nor the provider itself."""

    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    _input: IO[bytes] | None = None

    def end_with(self, pulumi: int) -> None:
        """Says which process Pulumi is, with which the others end, also when this one was killed."""
        if self._input:
            with suppress(BrokenPipeError):  # they have ended already, which Pulumi will say
                self._input.write(f"{pulumi}\n".encode())
                self._input.flush()


@contextmanager
def attached(
    environment: Mapping[str, str], *, program: Path | None = PROGRAM, errors: IO[bytes] | None = None
) -> Iterator[Attached]:
    """Starts the processes for one run; without a program, for one that only needs the provider.

    Where they cannot start, Pulumi is told nothing, starts its own and says what is wrong.
    """
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.runtime", *([str(program)] if program else [])],
        cwd=program.parent if program else ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=errors,
        umask=0o077,  # as Pulumi's own is
        process_group=0,  # what the terminal sends is Pulumi's to answer
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
    """Waits for the processes that are not this one's children: each can write here until it ends."""
    while os.read(descriptor, 64):
        pass
    os.close(descriptor)


def _line(descriptor: int) -> str:
    """What is written until the end of the line, or until nobody can write any more."""
    text = b""
    while not text.endswith(b"\n") and (data := os.read(descriptor, 64)):
        text += data
    return text.decode()
