"""The Python that runs the program for the tests, with what the program imports."""

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.forked import Forks
from tests.unit.program.registering import imported

ROOT = Path(__file__).parents[3]


@cache
def _forks() -> Forks:
    return Forks(ROOT, "tests.unit.program.tracing", "tests.unit.policy.declaring", "policy.takeover", *imported())


def run(module: str, given: Any, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The module, run to its end with the JSON as its standard input."""
    return _forks().run(module, folder=ROOT, environment=environment, given=json.dumps(given))


def printed(module: str, given: Any, environment: Mapping[str, str]) -> str:
    """What the module printed for the JSON."""
    done = run(module, given, environment)
    assert done.returncode == 0, done.stderr
    return done.stdout
