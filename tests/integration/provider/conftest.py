"""Builds the stand-in and Pulumi once, and gives each module a server and a stack."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.machine.stand_in import ensure_stand_in
from cli.machine.toolchain import ensure_built_pulumi
from tests.conformance.stand_in.journal import Journal, of_file
from tests.integration.provider.play import ADMIN, FIRST, Play
from tests.integration.provider.real import URL, RealPlay
from tests.integration.provider.samples import everything_else
from tests.support.versions import NEWEST


@pytest.fixture(scope="session")
def toolchain() -> Path:
    return ensure_built_pulumi()


@pytest.fixture(scope="session")
def stand_in() -> Path:
    return ensure_stand_in()


@pytest.fixture(scope="session")
def journals() -> list[Journal]:
    """The journals of all servers of the tier."""
    return []


@pytest.fixture(autouse=True)
def published_api(journals: list[Journal]) -> Iterator[None]:
    """Checks every request and answer against the published API of the server's generation."""
    yield
    for journal in journals:
        journal.check()


@pytest.fixture(scope="module")
def playing(
    stand_in: Path, toolchain: Path, tmp_path_factory: pytest.TempPathFactory, journals: list[Journal]
) -> Callable[..., Play]:
    """Returns a context manager for a server of a generation and with options."""

    def make(generation: str = NEWEST, *options: str) -> Play:
        folder = tmp_path_factory.mktemp("play")
        file = folder / "exchanges"
        file.touch()
        journals.append(of_file(generation, file))
        return Play(folder, stand_in, toolchain, generation, *options, "--exchanges", str(file))

    return make


@pytest.fixture(scope="module")
def play(playing: Callable[..., Play]) -> Iterator[Play]:
    """A stack that attaches Pulumi as ./store does; with `playing`, Pulumi runs alone, which takes longer."""
    with playing() as made:
        made.attaches = True
        yield made


@pytest.fixture
def external(playing: Callable[..., Play], toolchain: Path, tmp_path: Path) -> Iterator[Play]:
    """A stack for an external server, whose administrator already has the password of the stack file."""
    if URL:
        with RealPlay(tmp_path / "play", toolchain) as real:
            real.attaches = True
            yield real
        return
    with playing("3.77") as made:
        made.external = made.attaches = True
        made.change_password(FIRST, ADMIN)
        yield made


@pytest.fixture(scope="module")
def made(play: Play) -> Play:
    """A deployed stack with a sample of every kind."""
    play.wanted |= everything_else()
    play.up()
    return play
