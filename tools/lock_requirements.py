"""Writes the lock of the files of direct pins: every package that they lead to, with its version and hashes.

    make lock

A pin that is in a lock already stays until something direct requires another one.
`python -m tools.lock_requirements --upgrade` moves all of them.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEVELOPMENT = ("requirements-dev.txt",)
STORE = ("requirements.txt", "cli/requirements.txt", "policy/requirements.txt")
UV = ("cli/uv.txt",)
OWN_ENVIRONMENTS = (
    ("lab/images/nginx/requirements.txt",),
    ("lab/toolchain/go.txt",),
    ("tests/support/twine.txt",),
    ("tests/integration/tls/requirements.txt",),
    ("tests/bench/proxies.txt",),
)
ALL = (DEVELOPMENT, STORE, UV, *OWN_ENVIRONMENTS)
OLDEST_PYTHON = "3.11"


def lock_of(sources: Sequence[str]) -> str:
    """Beside the first of the files that are locked together."""
    return sources[0].removesuffix(".txt") + ".lock"


def compile_lock(sources: Sequence[str], arguments: Sequence[str]) -> None:
    constraints = ["--constraint", lock_of(DEVELOPMENT)] if sources in (STORE, UV) else []  # all in .venv
    command: list[str | Path] = [
        Path(sys.executable).with_name("uv"),
        "pip",
        "compile",
        "--quiet",
        "--no-header",
        "--no-annotate",
    ]
    command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", *constraints]
    subprocess.run([*command, *arguments, "--output-file", lock_of(sources), *sources], cwd=ROOT, check=True)


if __name__ == "__main__":
    for sources in ALL:
        compile_lock(sources, sys.argv[1:])
