"""Fixtures that check all requests to a store's Nexus, and its answers, against the published API."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conformance.stand_in.journal import Journal
from tests.e2e.store.store import Store, run
from tests.support.versions import NEWEST

FILE = "/nexus-data/exchanges"


class StoreJournal(Journal):
    """The journal on a store's data volume, which outlives its containers."""

    def __init__(self, store: Store) -> None:
        self._container = store.container("nexus")
        super().__init__(NEWEST, self._from)

    def _tail(self, position: int, *options: str) -> list[str]:
        return ["docker", "exec", self._container, "tail", *options, f"--bytes=+{position + 1}", FILE]

    def _from(self, position: int) -> bytes:
        if not run(["docker", "ps", "--quiet", "--filter", f"name=^{self._container}$"]).strip():
            return b""  # `to_the_end` has read the journal of a removed server
        size = int(run(["docker", "exec", self._container, "stat", "--format", "%s", FILE]))
        if size < position:  # a backup was restored
            position = self.position = 0
        return subprocess.run(self._tail(position), check=True, capture_output=True).stdout

    @contextmanager
    def to_the_end(self) -> Iterator[None]:
        """Follows the journal of a server that the block takes down with its data, and checks it up to its end."""
        with tempfile.TemporaryFile() as seen:
            with subprocess.Popen(self._tail(self.position, "--follow"), stdout=seen, stderr=subprocess.DEVNULL):
                yield
            seen.seek(0)
            last = self.parse(seen.read())
        assert last, "the server that was taken down was asked nothing, or its journal could not be read"
        self.position = 0
        self.judge(last)


@pytest.fixture(scope="session", autouse=True)
def kept_journal() -> Iterator[None]:
    """Makes the images of the stand-in that the tests build keep a journal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STAND_IN_OPTIONS", f"--exchanges {FILE}")
        yield


@pytest.fixture(scope="session")
def journal(store: Store) -> StoreJournal:
    return StoreJournal(store)


@pytest.fixture(autouse=True)
def published_api(request: pytest.FixtureRequest) -> Iterator[None]:
    """Checks every request and answer of a test against the published API."""
    journal = request.getfixturevalue("journal") if "store" in request.fixturenames else None
    yield
    if journal:
        journal.check()
