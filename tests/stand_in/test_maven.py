"""Maven deploys to hosted repositories and builds from proxy and group: those that every new server has."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.stand_in import Server
from tests.real_clients.running import ROOT, run
from tests.stand_in.pair import Pair, password

PROJECTS = ROOT / "tests" / "e2e" / "maven"
SETTINGS = Path(__file__).parent / "maven-settings.xml"


@pytest.fixture(scope="module")
def plugins() -> Path:
    """A Maven repository with the plugins that the builds need; Maven fetched them before."""
    made = subprocess.run([ROOT / "setup" / "maven-plugins"], stdout=subprocess.PIPE, text=True, check=True)
    return Path(made.stdout.splitlines()[-1])


class Maven:
    """mvn that has its plugins and nothing else, and knows no other place than a server's group maven-public."""

    def __init__(self, server: Server, plugins: Path, folder: Path) -> None:
        self._server, self._folder = server, folder
        shutil.copytree(plugins, folder / "repository")

    def build(self, project: str, *goals: str) -> Path:
        place = self._folder / project
        if not place.exists():
            shutil.copytree(PROJECTS / project, place)
        options = ["--batch-mode", "--settings", SETTINGS, "--file", place / "pom.xml"]
        options += [f"-Dmaven.repo.local={self._folder / 'repository'}"]
        run(
            ["mvn", *options, *goals],
            self._folder,
            NEXUS_URL=self._server.url,
            NEXUS_USER="admin",
            NEXUS_PASSWORD=password(self._server),
        )
        return place


@pytest.mark.parametrize("version", ["1.0", "2.0-SNAPSHOT"])
def test_deploy_and_build_through_the_group(pair: Pair, plugins: Path, tmp_path: Path, version: str) -> None:
    Maven(pair.near, plugins, tmp_path / "deploys").build("library", f"-Drevision={version}", "deploy")
    built = Maven(pair.near, plugins, tmp_path / "reads").build("consumer", f"-Dlibrary.version={version}", "package")
    assert (built / "target" / "consumer-1.0.jar").is_file()


def test_a_library_that_only_the_remote_has(pair: Pair, plugins: Path, tmp_path: Path) -> None:
    Maven(pair.far, plugins, tmp_path / "deploys").build("library", "-Drevision=3.0", "deploy")
    Maven(pair.near, plugins, tmp_path / "reads").build("consumer", "-Dlibrary.version=3.0", "package")
    cached = [item["path"] for item in pair.near.rest("GET", "assets?repository=maven-central").json()["items"]]
    assert any(path.endswith("library-3.0.jar") for path in cached), cached
    with pair.without_the_far_one():
        Maven(pair.near, plugins, tmp_path / "reads-again").build("consumer", "-Dlibrary.version=3.0", "package")
