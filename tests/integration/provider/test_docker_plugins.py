"""Another docker plugin than at the last `up` replaces no container, and every plugin speaks to old and new engines.

`plugins/` has two states of one program: one that the plugin of lab/toolchain wrote, and one of the published plugin
(pulumi-terraform-bridge 3.137 over kreuzwerker's v4.5.0), which was built once by hand and cannot be part of a test.
Its two defaults that replace a container are in PUBLISHED_DEFAULTS, as resource_docker_container.go of v4.5.0 has them.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.machine.go import the_go
from lab.go import ENVIRONMENT
from lab.toolchain.parts import DOCKER, DOCKER_API
from tests.support.played_engine import PlayedEngine, played_engine

ROOT = Path(__file__).parents[3]
RECORDED = Path(__file__).parent / "plugins"
MODULE = ROOT / "lab" / "toolchain" / "resource-docker"
_OURS = 'acceptStartInterval(docker.ResourcesMap["docker_container"])\n'
PUBLISHED_DEFAULTS = {"networkMode": "bridge", "healthcheck.startInterval": "0s"}
_PUBLISHED = f"""
	container := docker.ResourcesMap["docker_container"].Schema
	container["network_mode"].Default = "{PUBLISHED_DEFAULTS["networkMode"]}"
	container["network_mode"].DiffSuppressFunc = nil
	container["healthcheck"].Elem.(*schema.Resource).Schema["start_interval"].Default =
		"{PUBLISHED_DEFAULTS["healthcheck.startInterval"]}"
"""


@dataclass(frozen=True)
class Plugins:
    """A Pulumi project, on a state that was recorded, with the plugins of a home of Pulumi's."""

    folder: Path
    toolchain: Path
    home: Path
    engine: PlayedEngine

    def begin(self, state: str) -> None:
        resources = (RECORDED / f"{state}.json").read_text().replace("ENGINE", self._host)
        document = {"version": 3, "deployment": {"manifest": {}, "resources": json.loads(resources)}}
        (self.folder / "state.json").write_text(json.dumps(document))
        self.pulumi("stack", "init", "test")
        self.pulumi("stack", "import", "--stack", "test", "--file", str(self.folder / "state.json"))

    def pulumi(self, *arguments: str, memory: int = 64) -> str:
        (container,) = [
            each for each in json.loads((RECORDED / "published.json").read_text()) if "::nginx" in each["urn"]
        ]
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env={
                **os.environ,
                "PATH": f"{ROOT / '.venv/bin'}:{self.toolchain / 'bin'}:{os.environ['PATH']}",
                "VIRTUAL_ENV": str(ROOT / ".venv"),
                "PYTHONPATH": str(ROOT),
                "PULUMI_HOME": str(self.home),
                "PULUMI_BACKEND_URL": f"file://{self.folder}",
                "PULUMI_CONFIG_PASSPHRASE": "for-tests",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                "ENGINE": self._host,
                "MEMORY": str(memory),
                "IMAGE": container["inputs"]["image"],
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def _host(self) -> str:
        return f"unix://{self.engine.server_address}"


@pytest.fixture(scope="module")
def published(toolchain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of Pulumi's with a docker plugin that has the published one's defaults."""
    folder = tmp_path_factory.mktemp("published")
    sources = shutil.copytree(MODULE, folder / "sources")
    shim = sources / "shim" / "shim.go"
    text = shim.read_text()
    assert _OURS in text
    shim.write_text(text.replace(_OURS, _OURS + _PUBLISHED))
    home = shutil.copytree(toolchain / "home", folder / "home", copy_function=os.link)
    plugin = home / "plugins" / f"resource-docker-v{DOCKER}" / "pulumi-resource-docker"
    plugin.unlink()
    command = [str(the_go().program), "build", f"-ldflags=-s -w -X main.version={DOCKER}", "-o", str(plugin), "."]
    subprocess.run(command, cwd=sources, env={**os.environ, **ENVIRONMENT}, check=True)
    return home


@pytest.fixture(params=["1.44", "1.12"], ids=["an engine of 2025", "an engine of 2020"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PlayedEngine]:
    newest = {"1.44": "1.51", "1.12": "1.41"}[request.param]
    with played_engine(tmp_path / "engine.sock", request.param, newest) as playing:
        yield playing


@pytest.fixture
def here(engine: PlayedEngine, toolchain: Path, tmp_path: Path) -> Plugins:
    """With the plugins of lab/toolchain."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(RECORDED / name, folder)
    return Plugins(folder, toolchain, toolchain / "home", engine)


def test_the_plugin_that_is_built_here_keeps_what_the_published_one_made(here: Plugins) -> None:
    here.begin("published")
    assert "5 unchanged" in here.pulumi("preview", "--stack", "test", "--expect-no-changes")
    changed = here.pulumi("preview", "--stack", "test", memory=80)
    assert "2 to update" in changed
    assert "replace" not in changed


def test_the_published_plugins_defaults_keep_what_the_plugin_made_that_is_built_here(
    here: Plugins, published: Path
) -> None:
    later = Plugins(here.folder, here.toolchain, published, here.engine)
    later.begin("built_here")
    assert "5 unchanged" in later.pulumi("preview", "--stack", "test", "--expect-no-changes")
    changed = later.pulumi("preview", "--stack", "test", memory=80)
    assert "2 to update" in changed
    assert "replace" not in changed


def test_the_plugin_speaks_the_newest_version_that_both_know(here: Plugins) -> None:
    here.begin("built_here")
    assert "3 to create" in here.pulumi("preview", "--stack", "test", "--refresh")  # this engine has nothing
    newest = ".".join(map(str, DOCKER_API))
    assert set(here.engine.asked) == {newest if here.engine.oldest == "1.44" else here.engine.newest}
