"""One stand-in of the newest generation for the tests that get along with each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.stand_in import NEWEST, Server, binary, running

EVERYTHING = ("--edition", "PRO", "--allow-scripts", "--unreached-blob-stores")


@pytest.fixture(scope="session")
def program() -> Path:
    return binary()


@pytest.fixture(scope="session")
def server(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(program, tmp_path_factory.mktemp("newest"), NEWEST, *EVERYTHING) as started:
        yield started
