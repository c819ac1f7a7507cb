"""Maven deploys to and builds from the repositories of a new server: hosted, proxy and group."""

import shutil
from pathlib import Path

import pytest

from tests.conformance.contract.stand_in import Server
from tests.conformance.stand_in.pair import Pair, password
from tests.support import tools
from tests.support.real_clients.maven import Maven

SETTINGS = Path(__file__).parent / "maven-settings.xml"


@pytest.fixture(scope="module")
def plugins() -> Path:
    """A Maven repository with the plugins of the builds, which were fetched before."""
    return tools.maven_plugins()


def build(server: Server, plugins: Path, folder: Path, project: str, *goals: str) -> Path:
    """Builds with a Maven that has only its plugins and fetches only from the group maven-public."""
    shutil.copytree(plugins, folder / "repository")
    login = {"NEXUS_USER": "admin", "NEXUS_PASSWORD": password(server)}
    return Maven(server.url, SETTINGS, folder).build(project, *goals, **login)


@pytest.mark.parametrize("version", ["1.0", "2.0-SNAPSHOT"])
def test_deploy_and_build_through_the_group(pair: Pair, plugins: Path, tmp_path: Path, version: str) -> None:
    build(pair.near, plugins, tmp_path / "deploys", "library", f"-Drevision={version}", "deploy")
    built = build(pair.near, plugins, tmp_path / "reads", "consumer", f"-Dlibrary.version={version}", "package")
    assert (built / "target" / "consumer-1.0.jar").is_file()


def test_a_library_of_the_remote_is_resolved(pair: Pair, plugins: Path, tmp_path: Path) -> None:
    build(pair.far, plugins, tmp_path / "deploys", "library", "-Drevision=3.0", "deploy")
    build(pair.near, plugins, tmp_path / "reads", "consumer", "-Dlibrary.version=3.0", "package")
    cached = [item["path"] for item in pair.near.rest("GET", "assets?repository=maven-central").json()["items"]]
    assert any(path.endswith("library-3.0.jar") for path in cached), cached
    with pair.without_the_far_one():
        build(pair.near, plugins, tmp_path / "reads-again", "consumer", "-Dlibrary.version=3.0", "package")
