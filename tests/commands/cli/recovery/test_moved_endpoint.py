"""A state whose endpoint is gone follows the same engine to its present endpoint, and never another engine."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.errors import CommandError
from cli.recovery import moved_endpoint
from cli.recovery.recovery import Recovery
from tests.commands.cli.recovery.conftest import Engine
from tests.commands.cli.recovery.stacks import ID, KEY, OTHER, URN, of_engine, recovery, up

OLD, NOW = "unix:///old.sock", "unix:///now.sock"
NGINX = of_engine("container", "nginx", "c1")
LOAD = {
    "type": "command:local:Command",
    "urn": f"{URN}command:local:Command::nginx-load",
    "id": "l1",
    "inputs": {"environment": {"DOCKER_HOST": OLD, "CONTAINER": "c"}},
    "outputs": {"environment": {"DOCKER_HOST": OLD, "CONTAINER": "c"}},
}


def provider(host: str | None) -> dict[str, Any]:
    config = {"version": "5.2.0"} | ({"host": host} if host else {})
    urn = f"{URN}pulumi:providers:docker::docker"
    return {"type": "pulumi:providers:docker", "urn": urn, "id": "p1", "inputs": config, "outputs": dict(config)}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """The states that were written."""
    found: list[Mapping[str, Any]] = []

    def write(_stack: object, _environment: object, document: Mapping[str, Any], _folder: Path) -> None:
        found.append(document)

    monkeypatch.setattr(moved_endpoint, "write_state", write)
    monkeypatch.setenv("DOCKER_HOST", NOW)
    return found


def engines(engine: Engine, **ids: str) -> None:
    engine.says("engines", json.dumps({f"unix:///{name}.sock": id_ for name, id_ in ids.items()}))


def test_up_lets_the_state_follow_the_same_engine(
    engine: Engine, written: list[Mapping[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nginx", "c1", ID)
    engines(engine, now="one")
    up(recovery(engine, KEY, provider(OLD), NGINX, LOAD))
    ((_, moved, _, load),) = [document["deployment"]["resources"] for document in written]
    assert moved["inputs"] == moved["outputs"] == {"version": "5.2.0", "host": NOW}
    assert load["inputs"]["environment"] == load["outputs"]["environment"] == {"CONTAINER": "c"}
    assert f"no engine answers at {OLD} any more, and the same one at {NOW} (DOCKER_HOST)" in capsys.readouterr().err


def test_down_uses_the_present_endpoint_too(engine: Engine, written: list[Mapping[str, Any]]) -> None:
    engine.holds("container", "nginx", "c1", ID)
    engines(engine, now="one")
    recovery(engine, KEY, provider(OLD), NGINX).before_down(yes=True)
    assert len(written) == 1


def test_a_preview_changes_nothing_and_does_not_refresh(
    engine: Engine, written: list[Mapping[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    engine.holds("container", "nginx", "c1", ID)
    engines(engine, now="one")
    assert not recovery(engine, KEY, provider(OLD), NGINX).before_preview()
    assert (
        f"the state names the engine at {OLD}, which is gone; make up STACK=trial moves it" in capsys.readouterr().err
    )
    assert written == []


@pytest.mark.parametrize("old", ["one", "two", None], ids=["the same", "another", "gone"])
def test_without_an_object_of_the_stack_only_the_id_of_the_engine_counts(
    engine: Engine, written: list[Mapping[str, Any]], old: str | None
) -> None:
    engine.holds("volume", "nexus-data", "repository-store-trial-nexus-data", OTHER)
    engines(engine, now="one", **({"old": old} if old else {}))
    for begin in (up, Recovery.before_preview, lambda found: found.before_down(yes=True)):
        try:
            begin(recovery(engine, KEY, provider(OLD), NGINX))
        except CommandError as refused:
            message = str(refused)
        else:
            message = ""
        another = f"DOCKER_HOST: the engine at {NOW} has nothing of stack trial, whose state names the engine at {OLD}"
        assert message.startswith(another) is (old != "one")
    assert (written, engine.done) == ([], [])


@pytest.mark.parametrize("host", [NOW, None])
def test_an_endpoint_that_is_the_states_is_not_asked(
    engine: Engine, written: list[Mapping[str, Any]], monkeypatch: pytest.MonkeyPatch, host: str | None
) -> None:
    if not host:
        monkeypatch.setenv("DOCKER_HOST", "unix:///var/run/docker.sock")  # what a state without a host means
    engines(engine)
    up(recovery(engine, KEY, provider(host), NGINX))
    assert written == []
