"""When an `up` creates so many objects that it runs without checkpoints."""

from pathlib import Path

import pytest
import yaml

from cli.stack import many_objects
from cli.stack.stack import Stack
from cli.stack.state import State

RAW = {"format": "raw", "type": "hosted"}


def made(count: int) -> State:
    objects = [{"type": "pulumi-python:dynamic/nexus:Repository", "urn": str(number)} for number in range(count)]
    return State({"deployment": {"resources": [{"type": "docker:index/volume:Volume"}, *objects]}})


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack with 60 repositories in its topology and 60 in its own file, ten of them the same."""
    monkeypatch.setattr(many_objects, "STACK_FILES", tmp_path)
    shared = {"repositories": {f"raw-{number}": RAW for number in range(60)}}
    (tmp_path / "shared.yaml").write_text(yaml.safe_dump(shared))
    own = {
        "repository-store:topology": "shared.yaml",
        "repository-store:repositories": {f"raw-{number}": RAW for number in range(50, 110)},
        "repository-store:email": {"enabled": False},
    }
    (tmp_path / "Pulumi.trial.yaml").write_text(yaml.safe_dump({"config": own}))
    return Stack("trial", tmp_path / "Pulumi.trial.yaml")


@pytest.mark.parametrize(("count", "many"), [(0, True), (9, True), (10, False), (110, False)])
def test_objects_of_both_files_that_are_not_in_the_state_count(stack: Stack, count: int, many: bool) -> None:
    assert many_objects.are_to_be_made(stack, made(count)) is many


def test_an_unreadable_topology_is_reported_by_the_program(stack: Stack) -> None:
    stack.file.with_name("shared.yaml").write_text("repositories: [")
    assert not many_objects.are_to_be_made(stack, made(0))
