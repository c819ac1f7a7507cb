"""One store for the whole tier: made by the README's commands, taken down by them, and nothing of it may be left."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jenkins.files import CA_FILE
from tests.e2e.store import ROOT, Store, own_network, run
from tests.e2e.upstreams import Upstreams

STACK = "e2e"
HOSTNAME = "nexus.e2e.test"
# From the block for tests between networks (RFC 2544): not in 127.0.0.0/8, where docker verifies no certificate.
SUBNET, ADDRESS = "198.18.77.0/24", "198.18.77.1"
OUTSIDE = "repository-store-e2e-outside"

REMOTES = {
    "docker-proxy.proxy.remoteUrl": "http://hub:5000",
    "docker-proxy.dockerProxy.indexType": "REGISTRY",
    "maven-central.proxy.remoteUrl": "http://central:8080/",
    "yum-proxy.proxy.remoteUrl": "http://mirror:8080/",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Taking the store down comes last, whatever the file is called."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def outside() -> Iterator[str]:
    """An address of this machine that is the store's alone."""
    with own_network(OUTSIDE, SUBNET, ADDRESS) as bridge:
        yield bridge


@pytest.fixture(scope="session")
def store(outside: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(STACK, HOSTNAME, ADDRESS)
    upstreams = Upstreams(made, tmp_path_factory.mktemp("upstreams"))
    with made.running(*(f"repositories.{path}={value}" for path, value in REMOTES.items())):
        try:
            upstreams.start(Path(run(["setup/maven-plugins"]).splitlines()[-1]))
            yield made
        finally:
            upstreams.stop()


@pytest.fixture(scope="session")
def jenkins_files(store: Store) -> Iterator[Path]:
    """What `make jenkins` writes, with the CA where docs/jenkins.md puts it."""
    store.make("jenkins")
    folder = ROOT / "build" / "jenkins" / store.stack
    trusted = Path(CA_FILE)
    trusted.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "repository-store.pem", trusted)
    yield folder
    trusted.unlink()
    shutil.rmtree(folder)


@pytest.fixture
def nobody_reads_without_a_login(store: Store) -> Iterator[None]:
    """As in production, for the time of a test."""
    before = store.api("GET", "/v1/security/anonymous").json()
    assert store.api("PUT", "/v1/security/anonymous", json={**before, "enabled": False}).ok
    yield
    assert store.api("PUT", "/v1/security/anonymous", json=before).ok


@pytest.fixture(scope="session")
def docker_login(store: Store) -> Iterator[None]:
    """The jenkins user is logged in, by a password on standard input."""
    user, password = store.jenkins
    run(["docker", "login", store.outputs["docker_registry"], "--username", user, "--password-stdin"], text=password)
    yield
    run(["docker", "logout", store.outputs["docker_registry"]])
