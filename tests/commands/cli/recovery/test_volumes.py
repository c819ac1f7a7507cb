"""A volume that is missing on the engine is recreated with its options."""

from typing import Any

import pytest

from cli.docker import Docker
from cli.recovery import volumes
from cli.stack.stack import Stack
from cli.stack.state import State
from tests.commands.cli.recovery.conftest import Engine

DATA, CONFIGURATION = "repository-store-trial-nexus-data", "repository-store-trial-nginx-configuration"


def resource(name: str, **outputs: Any) -> dict[str, Any]:
    return {"type": "docker:index/volume:Volume", "urn": f"urn::{name}", "id": name, "outputs": outputs}


OWN_DISK = resource(
    DATA,
    driver="local",
    driverOpts={"type": "nfs", "device": ":/srv/nexus"},
    labels=[{"label": "backup", "value": "nightly"}],
)


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (OWN_DISK, "--opt=type=nfs --opt=device=:/srv/nexus --label=backup=nightly ", "on the disk that its driver"),
        (resource(DATA, driver="local"), "", "empty"),
    ],
    ids=["on a disk of its own", "on the engine's"],
)
def test_a_volume_is_recreated_with_the_options_of_the_state(
    data: dict[str, Any],
    options: str,
    words: str,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = State({"deployment": {"resources": [data, resource(CONFIGURATION, driver="local")]}})
    monkeypatch.setattr(volumes, "read_state", lambda *_: state)
    engine.says("volumes", f"{CONFIGURATION}\n")
    volumes.recreate_missing(Stack("trial"), Docker(), {})
    assert engine.done == [f"volume create --driver=local {options}{DATA}"]
    assert f"the volume {DATA} is gone from the engine: it is created again, {words}" in capsys.readouterr().err


def test_nothing_is_read_if_all_volumes_exist(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "read_state", lambda *_: pytest.fail("the state was read"))
    engine.says("volumes", f"{CONFIGURATION}\n{DATA}\n")
    volumes.recreate_missing(Stack("trial"), Docker(), {})
    assert engine.done == []


def test_without_its_volume_of_keys_the_state_forgets_that_they_were_written(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = "repository-store-trial-nexus-keys"
    written = {
        "type": "command:local:Command",
        "urn": "urn:pulumi:trial::nexus-key-file",
        "inputs": {"create": "sh write-keys.sh", "stdin": "secret"},
        "outputs": {"create": "sh write-keys.sh", "stdout": ""},
    }
    state = State({"deployment": {"resources": [resource(keys, driver="local"), written]}})
    documents: list[Any] = []
    monkeypatch.setattr(volumes, "read_state", lambda *_: state)
    monkeypatch.setattr(volumes, "write_state", lambda stack, environment, document, folder: documents.append(document))
    engine.says("volumes", f"{CONFIGURATION}\n")
    volumes.recreate_missing(Stack("trial"), Docker(), {})
    assert engine.done == [f"volume create --driver=local {keys}"]
    (document,) = documents
    changed = document["deployment"]["resources"][1]
    assert (changed["inputs"], changed["outputs"]["create"]) == ({"create": "", "stdin": "secret"}, "")
