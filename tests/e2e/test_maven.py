"""Maven deploys to and builds from the store."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.store import ROOT, Failed, Store, run

PROJECTS = ROOT / "tests" / "e2e" / "maven"


class Maven:
    """Real mvn with an empty repository of its own, which trusts the store's CA and knows no other place."""

    def __init__(self, store: Store, settings: Path, folder: Path) -> None:
        self._store, self._settings, self._folder = store, settings, folder
        self._trust = folder / "trust.p12"
        run(
            [
                "keytool",
                "-importcert",
                "-noprompt",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-alias",
                "store",
                "-file",
                str(store.ca),
                "-keystore",
                str(self._trust),
            ]
        )

    def build(self, project: str, *goals: str, **logins: str) -> Path:
        """Runs the goals in a copy of the project, with the logins in the environment, and returns where that is."""
        place = self._folder / project
        if not place.exists():
            shutil.copytree(PROJECTS / project, place)
        run(
            [
                "mvn",
                "--batch-mode",
                "--settings",
                str(self._settings),
                "--file",
                str(place / "pom.xml"),
                f"-Dmaven.repo.local={self._folder / 'repository'}",
                *goals,
            ],
            NEXUS_URL=self._store.outputs["url"],
            **logins,
            MAVEN_OPTS=f"-Djavax.net.ssl.trustStore={self._trust} -Djavax.net.ssl.trustStorePassword=changeit",
        )
        return place


@pytest.fixture
def maven(store: Store, jenkins_files: Path, tmp_path: Path) -> Maven:
    return Maven(store, jenkins_files / "settings.xml", tmp_path)


def fetching(store: Store) -> dict[str, str]:
    user, password = store.ci_pull
    return {"NEXUS_USER": user, "NEXUS_PASSWORD": password}


def publishing(store: Store) -> dict[str, str]:
    user, password = store.ci_push
    return {**fetching(store), "NEXUS_PUSH_USER": user, "NEXUS_PUSH_PASSWORD": password}


@pytest.mark.usefixtures("nobody_reads_without_a_login")
@pytest.mark.parametrize(("version", "repository"), [("1.0", "maven-releases"), ("2.0-SNAPSHOT", "maven-snapshots")])
def test_a_library_is_deployed_and_another_build_resolves_it_through_the_group(
    store: Store, maven: Maven, tmp_path: Path, version: str, repository: str
) -> None:
    maven.build("library", f"-Drevision={version}", "deploy", **publishing(store))
    stored = [item["path"] for item in store.api("GET", f"/v1/assets?repository={repository}").json()["items"]]
    assert any(path.endswith(".jar") for path in stored), stored

    shutil.rmtree(tmp_path / "repository" / "org" / "domain")
    built = maven.build("consumer", f"-Dlibrary.version={version}", "package", **fetching(store))
    assert (built / "target" / "consumer-1.0.jar").is_file()
    # The plugins came through the store as well, since the settings name no other place.
    proxied = [item["path"] for item in store.api("GET", "/v1/assets?repository=maven-central").json()["items"]]
    assert any("maven-jar-plugin" in path for path in proxied)


def test_a_build_that_may_only_fetch_deploys_nothing(store: Store, maven: Maven) -> None:
    user, password = store.ci_pull
    with pytest.raises(Failed, match="403"):
        maven.build(
            "library", "-Drevision=9.0", "deploy", **fetching(store), NEXUS_PUSH_USER=user, NEXUS_PUSH_PASSWORD=password
        )
    assert store.api("GET", "/v1/search?repository=maven-releases&version=9.0").json()["items"] == []
