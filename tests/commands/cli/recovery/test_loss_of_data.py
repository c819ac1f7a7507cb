"""A data volume with content is only removed with confirmation."""

from typing import Any

import pytest

from cli.errors import CommandError
from cli.recovery.stored import Stored
from cli.stack.stack import Stack
from cli.stack.state import State
from cli.storage.held import Held, Repository
from preflight.content import Content
from tests.commands.cli.recovery.conftest import Engine
from tests.commands.cli.recovery.stacks import DATA, ID, IMAGE, KEY, of_engine, recovery

VOLUME = of_engine("volume", "nexus-data", DATA, protect=True)


@pytest.fixture
def unprotected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URNs of resources that were unprotected."""
    lifted: list[str] = []

    def lift(_stack: Stack, state: State, _environment: Any) -> None:
        lifted.extend(each["urn"] for each in state.resources if each.get("protect"))

    monkeypatch.setattr("cli.recovery.data_volume.unprotect", lift)
    return lifted


def test_a_volume_with_content_is_only_removed_with_confirmation(
    engine: Engine, unprotected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", ID)
    engine.holds("volume", "nexus-data", DATA, ID)
    engine.says("content", "12 4096")
    found = recovery(engine, KEY, IMAGE, VOLUME, of_engine("container", "nexus", "c1"))
    with pytest.raises(CommandError) as refused:
        found.before_down(yes=False)
    assert str(refused.value) == (
        f"stack trial: the volume {DATA} holds 12 files, 4 KiB, and its removal is not confirmed. "
        "Fix: make down STACK=trial YES=1, or to keep it: ./store pulumi config set --stack trial "
        "--path 'retain[0]' nexus-data, make up STACK=trial"
    )
    assert unprotected == []
    found.before_down(yes=True)
    assert unprotected == [VOLUME["urn"]]
    assert "as YES=1 confirms" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["yes\n", "\n", ""])
def test_on_a_terminal_the_stack_name_must_be_typed(
    answer: str, engine: Engine, unprotected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    engine.holds("volume", "nexus-data", DATA, ID)
    engine.says("content", "1 1")
    for typed, goes in ((answer, False), ("trial\n", True)):
        terminal = io.StringIO(typed)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", terminal)
        if goes:
            recovery(engine, KEY, IMAGE, VOLUME).before_down(yes=False)
        else:
            with pytest.raises(CommandError, match="nothing was changed"):
                recovery(engine, KEY, IMAGE, VOLUME).before_down(yes=False)
    assert unprotected == [VOLUME["urn"]]


def test_an_empty_or_retained_volume_needs_no_confirmation(engine: Engine, unprotected: list[str]) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    recovery(engine, KEY, IMAGE, VOLUME).before_down(yes=False)
    engine.says("content", "12 4096")
    recovery(engine, KEY, IMAGE, {**VOLUME, "retainOnDelete": True}).before_down(yes=False)
    assert len(unprotected) == 2


def test_an_unreadable_volume_counts_as_having_content(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    with pytest.raises(CommandError, match="holds content that could not be read"):
        recovery(engine, KEY, VOLUME).before_down(yes=False)  # there is no image to look with


def test_an_engine_that_does_not_list_its_volumes_has_no_empty_one(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    found = recovery(engine, KEY, IMAGE, VOLUME)
    engine.says("silent", "volume ls")
    with pytest.raises(CommandError, match="holds content that could not be read"):
        found.before_down(yes=False)


def repository(assets: int, **fields: Any) -> Repository:
    return Repository("files", "raw hosted", "files", assets, assets * 1024, 0, **fields)


@pytest.mark.parametrize(
    ("volume", "server", "in_clouds", "is_nothing"),
    [
        (Content(0, 0), None, False, True),  # as after a first up that was killed
        (Content(0, 0), None, True, False),  # the database on the volume has what the buckets hold
        (Content(0, 0), (repository(0),), True, True),
        (Content(0, 0), (repository(1),), False, False),
        (Content(1, 1), (repository(0),), False, False),
        (None, (repository(0),), False, False),
    ],
)
def test_only_what_is_known_to_be_nothing_is_nothing(
    volume: Content | None, server: tuple[Repository, ...] | None, in_clouds: bool, is_nothing: bool
) -> None:
    held = None if server is None else Held((), server)
    assert Stored(volume, held, in_clouds).is_nothing is is_nothing


def test_what_the_server_holds_is_named_by_repository() -> None:
    shown = Stored(Content(9, 9), Held((), (repository(3), repository(2, has_more=True), repository(0))), False)
    assert shown.by_server == (
        "by the server, 2 repositories with content: files (3 artifacts, 3.0 KiB), "
        "files (more than 2 artifacts, 2.0 KiB)"
    )
