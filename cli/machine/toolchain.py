"""Finds Pulumi: the published CLI on PATH, or the one that lab/toolchain builds."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.files import sha256
from cli.machine import go, materials, provenance
from cli.machine.cache import FILES, existing, finished, key_of, once
from cli.machine.progress import run_steps
from cli.machine.step import Step
from lab.go import ENVIRONMENT
from lab.running import Job
from lab.toolchain.parts import FOLDER, PARTS, Part

_MODULES = "Go modules of the plugins"
_STEP = "Pulumi"


@dataclass(frozen=True)
class Pulumi:
    """A Pulumi CLI with its plugins. The defaults are for the published one."""

    path_entries: tuple[Path, ...] = ()
    """Folders that come first on PATH."""
    home: Path | None = None
    """PULUMI_HOME; None leaves it as it is."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Further environment variables."""


def ensure_pulumi() -> Pulumi:
    """Builds Pulumi and its plugins if they are missing.

    Raises:
        CommandError: the build failed.
    """
    if shutil.which("pulumi"):
        return Pulumi()
    folder = ensure_built_pulumi()
    return Pulumi(
        path_entries=(folder / "bin",),
        home=folder / "home",
        environment={"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"},
    )


def ensure_built_pulumi() -> Path:
    """The folder (`bin` and `home`) of the Pulumi that lab/toolchain builds, even if there is one on PATH.

    Raises:
        CommandError: the build failed.
    """
    run_steps(_build_steps())
    return existing(_toolchain())


def pulumi_steps() -> list[Step]:
    """The steps that build Pulumi; none if the published one is on PATH."""
    return [] if shutil.which("pulumi") else _build_steps()


def _build_steps() -> list[Step]:
    """Parts that an earlier, interrupted run has finished are not built again."""
    if finished(_toolchain()):
        return []
    missing = [part for part in PARTS if not finished(_name(part))]
    steps = [_step(part) for part in missing]
    downloads = [part for part in missing if part.after]
    if downloads:
        steps.append(Step(_MODULES, 20, lambda job: _download(job, downloads), after=(go.STEP,)))
    return [*go.go_steps(), *steps, Step(_STEP, 1, _assemble, after=tuple(part.name for part in PARTS))]


def _step(part: Part) -> Step:
    def work(job: Job) -> None:
        once(_name(part), lambda folder: _make(part, job, folder))

    return Step(part.name, part.seconds, work, after=(go.STEP, *part.after))


def _make(part: Part, job: Job, folder: Path) -> None:
    """The programs of a part, with their provenance."""
    build = provenance.Build("programs", {"module": part.module.name, "package": part.package, "go": dict(ENVIRONMENT)})
    part.make(go.the_go(), job, folder)
    made = {str(file.relative_to(folder)): sha256(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    modules = materials.go_modules(go.modules_of(job, folder), part.module)
    sources = materials.files([*part.files(), *_builders()])
    build.write(folder / provenance.FOLDER / part.module.name, made, [*modules, *sources])


def built_pulumi() -> Path | None:
    """The folder of the Pulumi that lab/toolchain has built; None if it has not, or if a published one is on PATH."""
    return None if shutil.which("pulumi") else finished(_toolchain())


def parts_of(module: str) -> list[Path]:
    """The folders of the cache that have a module's programs: they are the same files."""
    return [folder for part in PARTS if part.module.name == module and (folder := finished(_name(part)))]


def _download(job: Job, wanted: list[Part]) -> None:
    """Runs while the CLI is compiled, which needs both cores but no network."""
    for part in wanted:
        go.the_go().download(job, part.module, part.package)


def _assemble(_job: Job) -> None:
    """Merges the parts into one folder by hard links, which take no space."""

    def make(folder: Path) -> None:
        for part in PARTS:
            made = existing(_name(part))
            shutil.copytree(
                made, folder, copy_function=os.link, dirs_exist_ok=True, ignore=shutil.ignore_patterns(FILES)
            )
        # The engine would write a debug log of every run into this folder: 5 MB and two fifths of its time with 1,000
        # repositories. A file of that name turns it off; --logtostderr --verbose=9 shows the same.
        (folder / "home" / "logs").touch()

    once(_toolchain(), make)


def _name(part: Part) -> str:
    return f"{part.module.name}-{key_of([*part.files(), *_builders()])}"


def _toolchain() -> str:
    return f"toolchain-{key_of([file for part in PARTS for file in part.files()] + _builders())}"


def _builders() -> list[Path]:
    return [FOLDER / "parts.py", FOLDER.parent / "go.py"]
