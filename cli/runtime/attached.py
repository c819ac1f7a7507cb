"""Starts the Python of a run of Pulumi, and tells Pulumi where to attach to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    descriptors: tuple[int, ...] = ()
    """Pulumi inherits them, and with its end the processes end."""


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
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=errors,
        umask=0o077,  # as Pulumi's own is
        process_group=0,  # what the terminal sends is Pulumi's to answer
    )
    os.close(writing)
    try:
        yield _attached(reading)
    finally:
        os.close(reading)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _attached(descriptor: int) -> Attached:
    ports = _line(descriptor).split()
    if len(ports) != 2:
        return Attached()
    language, provider = map(int, ports)
    return Attached(
        ("--client", f"127.0.0.1:{language}"),
        {"PULUMI_DEBUG_PROVIDERS": f"{_PROVIDER}:{provider}"},
        (descriptor,),
    )


def _line(descriptor: int) -> str:
    """What is written until the end of the line, or until nobody can write any more."""
    text = b""
    while not text.endswith(b"\n") and (data := os.read(descriptor, 64)):
        text += data
    return text.decode()
