"""The stand-in for Nexus, built once for each version of its sources."""

from pathlib import Path

import lab.go
from cli.machine import go
from cli.machine.cache import existing, finished, key_of, once
from cli.machine.progress import run_steps
from cli.machine.step import Step
from lab.images.archive import files_of
from lab.images.images import build_stand_in, stand_in_sources
from lab.running import Job


def ensure_stand_in() -> Path:
    """The path of the program, which is built if missing.

    Raises:
        CommandError: it could not be built.
    """
    name = f"nexus-stand-in-{key_of([*files_of(stand_in_sources()), Path(lab.go.__file__)])}"

    def build(job: Job) -> None:
        once(name, lambda folder: build_stand_in(go.the_go(), job, folder / "nexus-stand-in"))

    if not finished(name):
        run_steps([*go.go_steps(), Step("stand-in", 60, build, after=(go.STEP,))])
    return existing(name) / "nexus-stand-in"
