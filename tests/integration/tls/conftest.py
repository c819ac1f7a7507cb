"""The store of this tier."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.authority import Request
from tests.e2e.store.journal import journal, kept_journal, published_api
from tests.e2e.store.store import ROOT, Store
from tests.support.hosts.ssh_host import SshHost
from tests.support.own_networks import OwnNetwork

__all__ = ["journal", "kept_journal", "published_api"]  # fixtures

NETWORK = OwnNetwork("tls")
DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def outside() -> Iterator[str]:
    """The bridge of the store's clients; the bridge's address on this machine is the store's."""
    with NETWORK.made() as bridge:
        yield bridge


@pytest.fixture(scope="session")
def store(outside: str) -> Iterator[Store]:
    made = Store.on(NETWORK)
    with made.running():
        yield made


@pytest.fixture(scope="module")
def host(outside: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    made = SshHost("rs-tls-node", NETWORK.host(2), outside, Path(tmp_path_factory.mktemp("host")))
    try:
        made.start_docker()
        yield made
    finally:
        made.stop()


@pytest.fixture
def provided(store: Store) -> Iterator[str]:
    """A certificate of another CA in files beside the stack file; yields the CA's root."""
    now = datetime.now(UTC)
    root = Request("Private Root", begin=now - DAY, end=now + 900 * DAY).issued_by(None)
    middle = Request("Private Intermediate", begin=now - DAY, end=now + 300 * DAY).issued_by(root)
    leaf = Request("store", (store.hostname,), begin=now - DAY, end=now + 20 * DAY).issued_by(middle)
    files = {"chain": leaf.pem + middle.pem, "key": leaf.key_pem, "ca": root.pem}
    paths = {name: ROOT / "stacks" / f"tls-test-{name}.pem" for name in files}
    for name, path in paths.items():
        path.write_text(files[name])
    yield root.pem
    for path in paths.values():
        path.unlink()
