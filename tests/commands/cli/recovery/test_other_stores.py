"""Objects with a stack's names that belong to another store are refused or left alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from cli.docker import Docker
from cli.errors import CommandError
from cli.recovery.recovery import Recovery
from cli.stack.state import State
from tests.commands.cli.recovery.conftest import Engine
from tests.commands.cli.recovery.stacks import DATA, KEY, OTHER, OwnStack, of_engine, recovery, up


class ExternalStack(OwnStack):
    is_external = True
    declared: Mapping[str, Any] = {"nexus": {"url": "https://nexus.domain.org"}}


def test_a_deployed_store_cannot_become_an_external_nexus(engine: Engine) -> None:
    volume = of_engine("volume", "nexus-data", DATA, protect=True)
    found = recovery(engine, KEY, volume, stack=ExternalStack("trial"))
    for begin in (up, Recovery.before_preview):
        with pytest.raises(CommandError) as refused:
            begin(found)
        assert str(refused.value).startswith(
            f"nexus.url: the stack runs a Nexus of its own, and `up` would remove it with all that is stored on "
            f"{DATA} (got https://nexus.domain.org; "
        )
        assert "Fix: ./store pulumi config rm --stack trial --path nexus.url" in str(refused.value)
    assert engine.done == []
    assert recovery(engine, KEY, stack=ExternalStack("trial")).before_preview()


@pytest.mark.parametrize("resources", [[], [KEY]], ids=["a new state", "a state of its own"])
@pytest.mark.parametrize("label", [OTHER, ""])
def test_a_store_of_another_state_is_refused_before_any_change(
    engine: Engine, resources: list[dict[str, Any]], label: str
) -> None:
    engine.holds("container", "nexus", "c1", label)
    engine.holds("network", "network", "n1", label)
    engine.holds("volume", "nexus-data", DATA, label)
    for begin in (up, Recovery.before_preview):
        with pytest.raises(CommandError) as refused:
            begin(recovery(engine, *resources))
        assert str(refused.value).startswith(
            "stack trial: the engine already has container repository-store-trial-nexus, "
        )
        assert "make new-stack NAME=other" in str(refused.value)
        assert len(str(refused.value).splitlines()) == 1
    assert engine.done == []


def test_down_of_a_stack_of_the_same_name_leaves_the_other_store(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", OTHER)
    engine.holds("volume", "nexus-data", DATA, OTHER)
    found = recovery(engine, KEY)
    assert found.before_down(yes=False)
    found.after_down()
    assert engine.done == []
    assert "the container repository-store-trial-nexus belongs to another store of this name: it is left alone" in (
        capsys.readouterr().err
    )


def test_a_volume_of_the_state_that_another_store_uses_is_not_taken_down(engine: Engine) -> None:
    engine.holds("container", "nexus", "c1", OTHER)
    engine.holds("volume", "nexus-data", DATA, OTHER)
    engine.says("users", "repository-store-trial-nexus\n")
    with pytest.raises(CommandError, match=f"the volume {DATA} is in its state, and repository-store-trial-nexus of"):
        recovery(engine, KEY, of_engine("volume", "nexus-data", DATA)).before_down(yes=True)


def test_an_existing_volume_is_taken_over_if_the_stack_file_retains_it(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA)
    with pytest.raises(CommandError, match="retain"):
        up(recovery(engine))
    stack = OwnStack("trial")
    object.__setattr__(stack, "declared", {"retain": ["nexus-data"]})
    up(recovery(engine, stack=stack))


def test_an_engine_that_does_not_list_its_objects_may_have_another_stores(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.recovery.recovery.read_state", lambda *_: State({}))
    engine.holds("container", "nexus", "c1", OTHER)
    engine.says("silent", "container ls")
    with pytest.raises(CommandError) as refused:
        Recovery.of(OwnStack("trial"), Docker(), {})
    assert str(refused.value).startswith(
        "stack trial: the docker engine does not say what it has (docker container ls: "
    )


def test_a_down_does_not_go_on_if_the_users_of_its_volume_are_unknown(engine: Engine) -> None:
    engine.holds("container", "nexus", "c1", OTHER)
    engine.holds("volume", "nexus-data", DATA, OTHER)
    found = recovery(engine, KEY, of_engine("volume", "nexus-data", DATA))
    engine.says("silent", "ps --all")
    with pytest.raises(CommandError, match="docker ps"):
        found.before_down(yes=True)
    assert engine.done == []
