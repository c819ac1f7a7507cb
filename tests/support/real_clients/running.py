"""Runs a client without the proxies and settings of this machine's users."""

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.support import tools

ROOT = Path(__file__).parents[3]


def attempt(
    command: Sequence[str | Path], folder: Path | None = None, *, text: str = "", **environment: str
) -> tuple[int, str]:
    """The exit code of a client, which reads a text, and its output on both channels."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "JAVA_HOME") if name in os.environ}
    finished = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**kept, "HOME": str(folder or "/nonexistent"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        input=text,
        text=True,
        timeout=300,
        check=False,
    )
    return finished.returncode, finished.stdout


def run(command: Sequence[str | Path], folder: Path | None = None, *, text: str = "", **environment: str) -> str:
    code, printed = attempt(command, folder, text=text, **environment)
    assert code == 0, f"{command[0]} ended with {code}:\n{printed[-3000:]}"
    return printed


@cache
def python_clients() -> Path:
    """The folder of a Python with twine and pip."""
    return tools.twine()
