"""Builds staticcheck, in the version of lab/staticcheck/go.mod, once for each version of Go, in the user's cache."""

import subprocess
from pathlib import Path

from cli.machine.cache import existing, finished, key_of, once
from cli.machine.go import STEP, go_steps, the_go
from cli.machine.progress import run_steps
from cli.machine.step import Step
from lab.running import Job

_MODULE = Path(__file__).parents[1] / "lab" / "staticcheck"
_PACKAGE = "honnef.co/go/tools/cmd/staticcheck"


def staticcheck() -> Path:
    """The path of the program. It keeps its results for each package in its own cache (STATICCHECK_CACHE)."""
    run_steps(go_steps())
    name = f"staticcheck-{key_of([_MODULE / 'go.mod', _MODULE / 'go.sum'], _version_of_go())}"

    def work(job: Job) -> None:
        once(name, lambda folder: the_go().install(job, folder, [_PACKAGE], _MODULE))

    if not finished(name):
        run_steps([Step("staticcheck", 30, work, after=(STEP,))])
    return existing(name) / "staticcheck"


def _version_of_go() -> str:
    """staticcheck can read what the same version of Go has compiled, and nothing newer."""
    return subprocess.run([the_go().program, "env", "GOVERSION"], check=True, capture_output=True, text=True).stdout
