"""A preview reports stopped containers, and an `up` starts them."""

import pytest

from cli.errors import CommandError
from cli.recovery import stopped
from tests.commands.cli.recovery.conftest import Engine
from tests.commands.cli.recovery.stacks import DATA, ID, KEY, of_engine, recovery, up

EXITED = {"Running": False, "Status": "exited", "ExitCode": 137, "FinishedAt": "2026-11-25T19:30:01.123Z"}


def test_a_preview_reports_stopped_containers_and_does_not_refresh_them(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", ID, state=EXITED)
    found = recovery(engine, KEY, of_engine("container", "nexus", "c1"))
    assert not found.before_preview()
    assert engine.done == []
    assert capsys.readouterr().err.splitlines() == [
        "repository-store-trial-nexus is stopped (exited, exit code 137, since 2026-11-25 19:30:01 UTC); "
        "make up STACK=trial brings it back",
        "drift is not checked until then",
    ]


def test_a_preview_reports_a_missing_volume(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert not recovery(engine, KEY, of_engine("volume", "nexus-data", DATA)).before_preview()
    assert f"the volume {DATA} is gone; make up STACK=trial brings it back" in capsys.readouterr().err


def test_an_up_starts_stopped_containers(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    monkeypatch.setattr(stopped, "_wait", lambda _stack, _docker, name: waited.append(name))
    engine.holds("container", "nexus", "c1", ID, state=EXITED)
    engine.holds("container", "nginx", "c2", ID, state=EXITED)
    up(recovery(engine, KEY, of_engine("container", "nexus", "c1"), of_engine("container", "nginx", "c2")))
    assert engine.done == ["start c1", "start c2"]
    assert waited == ["repository-store-trial-nexus"]
    assert "starting it ..." in capsys.readouterr().err


def test_containers_that_the_engine_does_not_describe_are_not_running_ones(engine: Engine) -> None:
    engine.holds("container", "nexus", "c1", ID)
    found = recovery(engine, KEY, of_engine("container", "nexus", "c1"))
    engine.says("silent", "container inspect")
    with pytest.raises(CommandError, match="it is unknown whether they run"):
        found.before_preview()
