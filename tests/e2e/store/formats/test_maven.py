"""Maven deploys to the store and builds from it."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.store.store import Store
from tests.support.real_clients.maven import Maven


@pytest.fixture
def maven(store: Store, jenkins_files: Path, tmp_path: Path) -> Maven:
    return Maven(store.outputs["url"], jenkins_files / "settings.xml", tmp_path, store.ca)


@pytest.mark.usefixtures("without_anonymous_access")
@pytest.mark.parametrize(("version", "repository"), [("1.0", "maven-releases"), ("2.0-SNAPSHOT", "maven-snapshots")])
def test_a_library_is_deployed_and_another_build_resolves_it_through_the_group(
    store: Store, maven: Maven, tmp_path: Path, version: str, repository: str
) -> None:
    maven.build("library", f"-Drevision={version}", "deploy", **store.publishing)
    stored = [item["path"] for item in store.api("GET", f"/v1/assets?repository={repository}").json()["items"]]
    assert any(path.endswith(".jar") for path in stored), stored

    shutil.rmtree(maven.repository / "org" / "domain")
    built = maven.build("consumer", f"-Dlibrary.version={version}", "package", **store.fetching)
    assert (built / "target" / "consumer-1.0.jar").is_file()
    # The plugins came through the store as well: the settings name no other repository.
    proxied = [item["path"] for item in store.api("GET", "/v1/assets?repository=maven-central").json()["items"]]
    assert any("maven-jar-plugin" in path for path in proxied)


def test_a_build_with_the_login_for_fetching_cannot_deploy(store: Store, maven: Maven) -> None:
    user, password = store.ci_pull
    with pytest.raises(AssertionError, match="403"):
        maven.build(
            "library", "-Drevision=9.0", "deploy", **store.fetching, NEXUS_PUSH_USER=user, NEXUS_PUSH_PASSWORD=password
        )
    assert store.api("GET", "/v1/search?repository=maven-releases&version=9.0").json()["items"] == []
