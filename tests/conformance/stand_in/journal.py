"""Checks the journal of a server with `--exchanges` against the published API, piece by piece."""

from collections.abc import Callable
from pathlib import Path

from tests.conformance.stand_in.conformance import complaints
from tests.conformance.stand_in.exchange import Exchange, written

MOST_SHOWN = 20
Read = Callable[[int], bytes]


class Journal:
    """The journal of a server, read from the end of the last read."""

    def __init__(self, generation: str, read: Read) -> None:
        """`read` returns the journal from a position in bytes."""
        self._generation, self._read = generation, read
        self.position = 0

    def take(self) -> list[Exchange]:
        """The exchanges since the last call; an incomplete line is left for the next one."""
        return self.parse(self._read(self.position))

    def parse(self, content: bytes) -> list[Exchange]:
        whole = content[: content.rfind(b"\n") + 1]
        self.position += len(whole)
        return [written(line) for line in whole.decode().splitlines()]

    def judge(self, exchanges: list[Exchange]) -> None:
        """
        Raises:
            AssertionError: a request or an answer does not fit the published API; the text names each with the reason.
        """
        found = [one for exchange in exchanges for one in complaints(self._generation, exchange)]
        assert not found, "does not conform to the published API:\n" + "\n".join(
            list(dict.fromkeys(found))[:MOST_SHOWN]
        )

    def check(self) -> None:
        self.judge(self.take())


def of_file(generation: str, path: Path) -> Journal:
    def read(position: int) -> bytes:
        with path.open("rb") as file:
            file.seek(position)
            return file.read()

    return Journal(generation, read)
