"""Fixtures that hold all that the Nexus of a store is asked and answers against the published API."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conformance.stand_in.journal import Journal
from tests.e2e.store.store import Store, run

GENERATION = "3.97"  # of the stand-in in a container
FILE = "/nexus-data/exchanges"


class StoreJournal(Journal):
    """The journal on the data volume of a store, which outlives its containers."""

    def __init__(self, store: Store) -> None:
        self._container = store.container("nexus")
        super().__init__(GENERATION, self._from)

    def _tail(self, position: int, *options: str) -> list[str]:
        return ["docker", "exec", self._container, "tail", *options, f"--bytes=+{position + 1}", FILE]

    def _from(self, position: int) -> bytes:
        if not run(["docker", "ps", "--quiet", "--filter", f"name=^{self._container}$"]).strip():
            return b""  # what a server that is gone was asked, `to_the_end` has seen
        size = int(run(["docker", "exec", self._container, "stat", "--format", "%s", FILE]))
        if size < position:  # data of another time was restored
            position = self.position = 0
        return subprocess.run(self._tail(position), check=True, capture_output=True).stdout

    @contextmanager
    def to_the_end(self) -> Iterator[None]:
        """Follows a server that is taken down with its data meanwhile, and checks what it was asked until then."""
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
    """The images of the stand-in that are made meanwhile keep a journal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STAND_IN_OPTIONS", f"--exchanges {FILE}")
        yield


@pytest.fixture(scope="session")
def journal(store: Store) -> StoreJournal:
    return StoreJournal(store)


@pytest.fixture(autouse=True)
def published_api(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every request and every answer of a test fits the published API."""
    journal = request.getfixturevalue("journal") if "store" in request.fixturenames else None
    yield
    if journal:
        journal.check()
