"""The Go toolchain for what has to be built here: the one on PATH, or PyPI's, which is kept in the user's cache."""

from functools import cache
from pathlib import Path

from cli.machine.cache import finished, key_of, once
from cli.machine.step import Step
from lab.go import ENVIRONMENT, LOCK, Go, go_in, go_on_path, install_go
from lab.running import Job

STEP = "Go"


def _name() -> str:
    return f"go-{key_of([LOCK])}"


@cache
def the_go() -> Go:
    """Available once the steps of `go_steps` are done."""
    if found := go_on_path():
        return found
    folder = finished(_name())
    if not folder:
        raise RuntimeError("Go is used before its step is done")
    return go_in(folder)


def go_steps() -> list[Step]:
    """The step that installs Go, if it is missing."""
    return [] if go_on_path() or finished(_name()) else [Step(STEP, 15, _install)]


def modules_of(job: Job, folder: Path) -> str:
    """What `go version -m` says of the Go programs in the folder, and nothing of other files."""
    return job.output([the_go().program, "version", "-m", folder], env=ENVIRONMENT)


def _install(job: Job) -> None:
    once(_name(), lambda folder: install_go(job, folder))
