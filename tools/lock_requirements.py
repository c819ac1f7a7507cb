"""Writes the lock files: every package that the direct pins require, with its version and hashes.

    make lock

A locked version stays until a direct pin requires another one.
`python -m tools.lock_requirements --upgrade` upgrades all of them.
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
    """The lock file, beside the first of the sources."""
    return sources[0].removesuffix(".txt") + ".lock"


def compile_lock(sources: Sequence[str], arguments: Sequence[str]) -> None:
    constraints = ["--constraint", lock_of(DEVELOPMENT)] if sources in (STORE, UV) else []  # all are installed in .venv
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
