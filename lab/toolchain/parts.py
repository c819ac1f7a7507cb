"""The parts of a Pulumi that is built from Go modules: the CLI, the Python language host and three plugins."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.go import Go
from lab.running import Job

FOLDER = Path(__file__).parent
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_VERSION_VARIABLE = f"{_SDK}/go/common/version.Version"
_DOCKER_PROVIDER = "github.com/terraform-providers/terraform-provider-docker"
_CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_LANGUAGE_HOST = f"{_SDK}/python/cmd/pulumi-language-python"
# The provider sleeps for 2 s before it looks at a network, in each refresh, and before it removes a network or volume.
# Nothing needs that, as what is not ready then is tried again: ours is built from sources without it.
_SLEEPING = ("resource_docker_network_funcs.go", "resource_docker_volume.go")
_SLEEP = "RefreshDelay = 2 * time.Second"


@dataclass(frozen=True)
class Part:
    """One Go module here, whose programs land in `bin` or, for a plugin, in `home/plugins`."""

    name: str
    module: Path
    package: str
    seconds: float
    """What it takes from empty caches on 2 cores, beside the others."""
    make: Callable[[Go, Job, Path], None]
    """Fills a folder, which is laid over those of the other parts."""
    after: tuple[str, ...] = ()
    """Parts that compile packages which this one shares, so that they are compiled once."""

    def files(self) -> list[Path]:
        """What goes into it."""
        return [
            path
            for path in self.module.rglob("*")
            if path.is_file() and path.suffix != ".md" and not path.name.endswith("_test.go")
        ]


def _make_cli(go: Go, job: Job, target: Path) -> None:
    module = FOLDER / "pulumi-cli"
    version = go.module_version(job, module, _SDK)
    go.build(job, module, target / "bin" / "pulumi", _CLI, variables={_VERSION_VARIABLE: version})


def _make_language_host(go: Go, job: Job, target: Path) -> None:
    module = FOLDER / "language-python"
    version = go.module_version(job, module, _SDK)
    programs = target / "bin"
    go.build(job, module, programs / "pulumi-language-python", _LANGUAGE_HOST, variables={_VERSION_VARIABLE: version})
    sources = go.module_sources(job, module, _SDK) / "python"
    for launcher in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
        shutil.copyfile(sources / launcher, programs / Path(launcher).name)
        (programs / Path(launcher).name).chmod(0o755)


def _plugin(target: Path, name: str, version: str) -> Path:
    """Where `pulumi plugin install` puts it."""
    return target / "home" / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"


def _make_plugin(name: str, version: str) -> Callable[[Go, Job, Path], None]:
    def make(go: Go, job: Job, target: Path) -> None:
        variables = {"main.version": version}
        go.build(job, FOLDER / f"resource-{name}", _plugin(target, name, version), variables=variables)

    return make


def _make_docker_plugin(version: str) -> Callable[[Go, Job, Path], None]:
    def make(go: Go, job: Job, target: Path) -> None:
        module, work = FOLDER / "resource-docker", target / "work"
        work.mkdir()
        sources = work / "sources"
        shutil.copytree(go.module_sources(job, module, _DOCKER_PROVIDER), sources)
        _without_sleep(sources / "internal" / "provider")
        for name in ("go.mod", "go.sum"):
            shutil.copy(module / name, work)
        go.replace(job, work / "go.mod", _DOCKER_PROVIDER, sources)
        variables, flags = {"main.version": version}, ["-modfile", str(work / "go.mod")]
        go.build(job, module, _plugin(target, "docker", version), variables=variables, flags=flags)
        shutil.rmtree(work)

    return make


def _without_sleep(provider: Path) -> None:
    for folder in (provider.parents[1], *(path for path in provider.parents[1].rglob("*") if path.is_dir())):
        folder.chmod(0o755)  # the module cache is read-only
    for name in _SLEEPING:
        file = provider / name
        lines = file.read_text().splitlines(keepends=True)
        awake = [line.replace("2 * time.Second", "0") if _SLEEP in " ".join(line.split()) else line for line in lines]
        if awake == lines:
            raise OSError(f"{file} does not sleep for 2 s any more: remove it from {__name__}")
        file.chmod(0o644)
        file.write_text("".join(awake))


DOCKER_API = (1, 44)  # the newest that resource-docker speaks (newestAPI in its shim)
TLS, DOCKER, COMMAND = "5.6.2", "5.2.0", "1.2.1"  # of the SDKs in requirements.txt
CLI = "Pulumi CLI"
LANGUAGE_HOST = "Python language host"
PARTS = (
    Part(CLI, FOLDER / "pulumi-cli", _CLI, 150, _make_cli),
    Part(LANGUAGE_HOST, FOLDER / "language-python", _LANGUAGE_HOST, 30, _make_language_host, after=(CLI,)),
    Part(f"TLS plugin {TLS}", FOLDER / "resource-tls", ".", 50, _make_plugin("tls", TLS), after=(CLI,)),
    Part(
        f"Docker plugin {DOCKER}",
        FOLDER / "resource-docker",
        ".",
        30,
        _make_docker_plugin(DOCKER),
        after=(f"TLS plugin {TLS}",),
    ),
    Part(
        f"Command plugin {COMMAND}",
        FOLDER / "resource-command",
        ".",
        30,
        _make_plugin("command", COMMAND),
        after=(LANGUAGE_HOST,),
    ),
)
