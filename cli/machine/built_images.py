"""The images that are built here, for the engine that runs them: which are missing, and the steps that build them."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import lab.go
from cli.docker import Docker
from cli.machine import apt, engine, go
from cli.machine.cache import cache_folder, existing, finished, key_of, locked, once
from cli.machine.progress import run_steps
from cli.machine.step import Step
from lab.images import images, root_file_system
from lab.images.archive import write_archive
from lab.images.images import IMAGES, Image
from lab.running import Job
from lab.toolchain.parts import CLI

_ROOT = "root file system"
_LAB = Path(images.__file__).parent
_BUILDERS = [*_LAB.glob("*.py"), Path(lab.go.__file__)]


def reference(image: Image) -> str:
    """The image's reference; its tag has the version and a hash of all inputs."""
    key = key_of([*image.files(), *_BUILDERS], str(image.config), digits=8)
    return f"repository-store/{image.name}:{image.version}-{key}"


def image_steps(names: Sequence[str], host: str | None) -> list[Step]:
    """The steps that build the images that the engine lacks; one that is not started yet lacks all.

    Raises:
        CommandError: a package is missing that this user cannot install.
    """
    wanted = [IMAGES[name]() for name in names]
    missing = [image for image in wanted if not is_there(reference(image), host)]
    if not missing:
        return []
    steps = go.go_steps() if any(image.needs_go for image in missing) else []
    if not finished(_root_name()):
        lacking = apt.missing(apt.ROOT_FILE_SYSTEM)
        if lacking:
            apt.require_apt(lacking)
        steps.append(Step(_ROOT, 40, _make_root, after=(engine.STEP,)))  # both install packages
    return steps + [_step(image, host) for image in missing]


def ensure_image(name: str, host: str | None = None) -> str:
    """Builds an image of lab/images if the engine lacks it; returns its reference."""
    run_steps([*engine.engine_steps(host), *image_steps([name], host)])
    return reference(IMAGES[name]())


def is_there(image: str, host: str | None) -> bool:
    """Whether the engine has an image; False if no engine answers."""
    command = ["docker", "image", "inspect", "--format", "{{.Id}}", image]
    try:
        done = subprocess.run(command, env=Docker(host).environment, capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def _root_name() -> str:
    return f"rootfs-{key_of([Path(root_file_system.__file__)])}"


def _make_root(job: Job) -> None:
    if lacking := apt.missing(apt.ROOT_FILE_SYSTEM):
        apt.install(job, lacking)
    once(_root_name(), lambda folder: root_file_system.make_root_file_system(job, folder))


def _step(image: Image, host: str | None) -> Step:
    def work(job: Job) -> None:
        with locked(f"image-{image.name}"):
            if not is_there(reference(image), host):
                _build(image, host, job)

    # After the CLI, with which the Go programs share packages: these are then compiled only once.
    after = (engine.STEP, _ROOT, *((go.STEP, CLI) if image.needs_go else ()))
    return Step(f"image {image.name}", image.seconds + 5, work, after=after)


def _build(image: Image, host: str | None, job: Job) -> None:
    root = existing(_root_name())
    prefix = f"image-{image.name}.unfinished-"
    for left_over in cache_folder().glob(f"{prefix}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=cache_folder()) as work:
        program, archive = Path(work) / "program", Path(work) / "image.tar"
        program.mkdir()
        image.make(go.the_go() if image.needs_go else None, job, program)
        write_archive(archive, reference(image), root / "rootfs.tar", program, image.config)
        job.run(["docker", "load", "--input", archive], env=Docker(host).endpoint.environment)
