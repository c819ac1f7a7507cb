"""The images that are built here, for the engine that runs them: which are missing, and the steps that build them."""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

import lab.go
from cli.docker import Docker
from cli.files import sha256
from cli.machine import apt, engine, go, materials, provenance
from cli.machine.cache import cache_folder, existing, finished, key_of, locked, once
from cli.machine.materials import Material
from cli.machine.progress import run_steps
from cli.machine.step import Step
from lab.images import images, root_file_system
from lab.images.archive import write_archive
from lab.images.images import IMAGES, Image
from lab.running import Job
from lab.toolchain.parts import CLI

_OURS = "repository-store/"
_ROOT = "root file system"
_LAB = Path(images.__file__).parent
_BUILDERS = [*_LAB.glob("*.py"), Path(lab.go.__file__)]


def reference(image: Image) -> str:
    """The image's reference; its tag has the version and a hash of all inputs."""
    key = key_of([*image.files(), *_BUILDERS], str(image.config), digits=8)
    return f"{_OURS}{image.name}:{image.version}-{key}"


def is_built_here(reference: str) -> bool:
    """Whether this is the name of an image of lab/images."""
    return reference.startswith(_OURS)


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
    build = provenance.Build("image", {"image": reference(image), "config": dict(image.config)})
    with tempfile.TemporaryDirectory(prefix=prefix, dir=cache_folder()) as work:
        program, archive = Path(work) / "program", Path(work) / "image.tar"
        program.mkdir()
        image.make(go.the_go() if image.needs_go else None, job, program)
        write_archive(archive, reference(image), root / "rootfs.tar", program, image.config)
        went_in = _materials(image, root / "rootfs.tar", go.modules_of(job, program) if image.needs_go else "")
        job.run(["docker", "load", "--input", archive], env=Docker(host).endpoint.environment)
        image_id = Docker(host).do("image", "inspect", "--format", "{{.Id}}", reference(image)).removeprefix("sha256:")
        provenance.keep_of_image(build, reference(image), image_id, _config_of(archive), went_in)


def _materials(image: Image, root: Path, modules: str) -> list[Material]:
    used = image.files()
    locks = [material for file in used if file.suffix == ".lock" for material in materials.wheels(file)]
    below = [Material(root.name, hashes=(sha256(root),)), *materials.debian_packages(root)]
    return [*locks, *materials.go_modules(modules, image.sources), *below, *materials.files([*used, *_BUILDERS])]


def _config_of(archive: Path) -> str:
    """The SHA-256 of the image's configuration, which has those of its layers."""
    with tarfile.open(archive) as tar:
        config = tar.extractfile("config.json")
        return hashlib.sha256(config.read() if config else b"").hexdigest()
