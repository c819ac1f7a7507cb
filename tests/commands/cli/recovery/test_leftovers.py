"""Leftovers of a killed command on the engine and in the state are removed."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.errors import CommandError
from cli.stack import state as states
from cli.stack.stack import Stack
from cli.stack.state import State, resolve_pending
from tests.commands.cli.recovery.conftest import Engine
from tests.commands.cli.recovery.stacks import (
    DATA,
    ID,
    IMAGE,
    KEY,
    OTHER,
    OwnStack,
    SharedStack,
    of_engine,
    recovery,
    up,
)


def test_leftover_containers_and_networks_are_removed_before_an_up(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nexus", "c1", ID)
    engine.holds("container", "nginx", "c2", ID)
    engine.holds("network", "network", "n1", ID)
    engine.holds("network", "network", "n2", ID)  # the engine allows two with one name
    engine.holds("volume", "nexus-data", DATA, ID)
    up(recovery(engine, KEY, of_engine("container", "nginx", "c2"), of_engine("network", "network", "n1")))
    assert engine.done == ["stop c1", "rm --force c1", "network rm n2"]
    printed = capsys.readouterr().err.splitlines()
    assert printed == [
        "the container repository-store-trial-nexus (c1) is left from a command that was killed: "
        "it is removed and created again",
        "the network repository-store-trial-network (n2) is left from a command that was killed: "
        "it is removed and created again",
    ]


def test_a_store_that_matches_its_state_is_left_alone(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.holds("container", "nexus", "c1")  # from before labels existed
    engine.holds("volume", "nexus-data", DATA)
    found = recovery(engine, KEY, of_engine("container", "nexus", "c1"), of_engine("volume", "nexus-data", DATA))
    up(found)
    assert found.before_preview()
    assert engine.done == []
    assert capsys.readouterr().err == ""


def test_new_containers_of_a_shared_stack_may_belong_to_another_machine(engine: Engine) -> None:
    engine.holds("container", "nexus", "c1", ID, created="2999-01-01T00:00:00.123456789Z")
    with pytest.raises(CommandError, match="another machine may be deploying it"):
        up(recovery(engine, KEY, stack=SharedStack("trial")))
    assert engine.done == []


def test_leftover_volumes_are_removed_with_the_stack(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    engine.holds("volume", "nginx-configuration", "repository-store-trial-nginx-configuration", ID)
    engine.holds("volume", "nginx-cache", "repository-store-trial-nginx-cache", OTHER)
    recovery(engine, KEY, IMAGE).after_down()
    assert engine.done == [f"volume rm {DATA}", "volume rm repository-store-trial-nginx-configuration"]


def test_a_leftover_volume_with_content_stays(engine: Engine) -> None:
    engine.holds("volume", "nexus-data", DATA, ID)
    engine.says("content", "1 1")
    recovery(engine, KEY, IMAGE).after_down()
    assert engine.done == []


def test_a_retained_volume_that_left_the_state_stays(engine: Engine) -> None:
    """As after a `down` that was killed and run again."""
    engine.holds("volume", "nexus-data", DATA, ID)
    stack = OwnStack("trial")
    object.__setattr__(stack, "declared", {"retain": ["nexus-data"]})
    recovery(engine, KEY, IMAGE, stack=stack).after_down()
    assert engine.done == []


def test_pending_operations_are_reported_in_one_line_and_resolved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(states, "write_state", lambda _stack, _environment, document, _folder: written.append(document))
    operations = [{"type": "creating", "resource": of_engine("container", "nexus", "")}]
    state = State({"version": 3, "deployment": {"resources": [KEY], "pending_operations": operations}})
    after = resolve_pending(Stack("trial"), state, {}, tmp_path)
    assert capsys.readouterr().err == (
        "stack trial: an earlier command was killed in the middle of creating nexus; continuing from there\n"
    )
    assert written == [{"version": 3, "deployment": {"resources": [KEY]}}]
    assert json.dumps(after.document) == json.dumps(written[0])
    assert resolve_pending(Stack("trial"), after, {}, tmp_path) is after
