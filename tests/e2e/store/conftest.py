"""One store for the whole tier, deployed and taken down by the README's commands, which must leave nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from jenkins.files import CA_FILE
from tests.e2e.store.journal import journal, kept_journal, published_api
from tests.e2e.store.store import ROOT, Store, run
from tests.e2e.store.upstreams import Upstreams
from tests.support import tools
from tests.support.own_networks import OwnNetwork
from tests.support.real_clients.apt import PASSPHRASE, Key, signing_key

__all__ = ["journal", "kept_journal", "published_api"]  # fixtures

NETWORK = OwnNetwork("e2e")

FORMATS = Path(__file__).parent / "formats" / "repositories.yaml"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs the test that takes the store down last, whatever its file is called."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def outside() -> Iterator[str]:
    """The bridge with the store's own address on this machine."""
    with NETWORK.made() as bridge:
        yield bridge


@pytest.fixture(scope="session")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Key:
    """The key that signs apt packages, here and on the mirror."""
    return signing_key(tmp_path_factory.mktemp("gnupg"))


@pytest.fixture(scope="session")
def store(outside: str, signing: Key, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store.on(NETWORK)
    upstreams = Upstreams(made, tmp_path_factory.mktemp("upstreams"))
    with made.running(declare=lambda: _declare(made, signing)):
        try:
            upstreams.start(tools.maven_plugins(), signing)
            yield made
        finally:
            upstreams.stop()


def _declare(store: Store, signing: Key) -> None:
    """Adds the tier's own repositories to the stack file, as a user does."""
    stack = yaml.safe_load(store.file.read_text())
    stack["config"] |= yaml.safe_load(FORMATS.read_text())
    store.file.write_text(yaml.safe_dump(stack, sort_keys=False))
    store.configure_secret("repositories.apt-hosted.aptSigning.keypair", signing.private)
    store.configure_secret("repositories.apt-hosted.aptSigning.passphrase", PASSPHRASE)


@pytest.fixture(scope="session")
def jenkins_files(store: Store) -> Iterator[Path]:
    """The files that `make jenkins` writes, with the CA installed as docs/jenkins.md says."""
    store.make("jenkins")
    folder = ROOT / "build" / "jenkins" / store.stack
    trusted = Path(CA_FILE)
    trusted.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "repository-store.pem", trusted)
    yield folder
    trusted.unlink()
    shutil.rmtree(folder)


@pytest.fixture
def without_anonymous_access(store: Store) -> Iterator[None]:
    """Disables anonymous access for a test, as in production."""
    before = store.api("GET", "/v1/security/anonymous").json()
    assert store.api("PUT", "/v1/security/anonymous", json={**before, "enabled": False}).ok
    yield
    assert store.api("PUT", "/v1/security/anonymous", json=before).ok


@pytest.fixture(scope="session")
def docker_login(store: Store) -> Iterator[None]:
    """Logs the jenkins user in, with the password on standard input."""
    user, password = store.jenkins
    run(["docker", "login", store.outputs["docker_registry"], "--username", user, "--password-stdin"], text=password)
    yield
    run(["docker", "logout", store.outputs["docker_registry"]])
