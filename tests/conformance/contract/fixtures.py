"""Fixtures of the tiers that start the stand-in themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.contract import stand_in
from tests.conformance.stand_in import conformance


@pytest.fixture(scope="session")
def program() -> Path:
    return stand_in.binary()


@pytest.fixture(autouse=True)
def published_api() -> Iterator[None]:
    """Checks every answer against the published API of the server's generation."""
    with conformance.watching(stand_in.OBSERVERS, stand_in.GENERATIONS):
        yield
