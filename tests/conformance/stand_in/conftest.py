"""A stand-in of the newest generation, shared by the tests that do not disturb each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.contract.fixtures import program, published_api
from tests.conformance.contract.stand_in import Server, running
from tests.conformance.stand_in import facts
from tests.conformance.stand_in.pair import Pair
from tests.support.versions import NEWEST

__all__ = ["program", "published_api"]  # fixtures

EVERYTHING = ("--edition", "PRO", "--allow-scripts", "--unreached-blob-stores")


@pytest.fixture(scope="session")
def server(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(program, tmp_path_factory.mktemp("newest"), NEWEST, *EVERYTHING) as started:
        yield started


@pytest.fixture(scope="module", params=facts.GENERATIONS)
def of_generation(
    request: pytest.FixtureRequest, program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    edition = () if request.param == "3.77" else ("--edition", "PRO")
    with running(program, tmp_path_factory.mktemp(request.param), request.param, *edition) as started:
        yield started


@pytest.fixture(scope="module")
def pair(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two servers for real clients; the near one's shipped proxy maven-central reads the far one."""
    with running(program, tmp_path_factory.mktemp("far"), NEWEST) as far:
        central = ("--maven-central", f"{far.url}/repository/maven-releases/")
        with running(program, tmp_path_factory.mktemp("near"), NEWEST, *central) as near:
            yield Pair(near, far)
