"""The state of an older tree, on a server with that tree's objects, previews empty under this one.

`python -m tests.integration.provider.upgrade COMMIT` ran the older tree and recorded both.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider.play import ADMIN, FIRST, Play

RECORDED = sorted((Path(__file__).parent / "upgrade").glob("*.json"))
# Ids that the server generates: path, key of the list, key of the body in the state, and key of the entry.
GENERATED_IDS = {
    "task": ("/v1/tasks", "items", "name", "name"),
    "capability": ("/v1/capabilities", "", "type", "type"),
    "ipAllowlistEntry": ("/v1/security/ip-allowlist/entries", "entries", "ipOrCidr", "entry"),
}


@pytest.fixture(scope="module", params=RECORDED, ids=lambda file: file.stem)
def upgraded(request: pytest.FixtureRequest, playing: Callable[..., Play]) -> Iterator[Play]:
    recorded = json.loads(request.param.read_text())
    with playing("3.97") as play:
        play.wanted = recorded["stack"]
        _replay(play, recorded["sent"])
        _import(play, recorded["state"])
        yield play


def _replay(play: Play, sent: list[dict[str, Any]]) -> None:
    password = FIRST
    for each in sent:
        content: dict[str, Any] = {"json": each["json"]} if "json" in each else {"data": each["text"]}
        headers = {} if "json" in each else {"Content-Type": "text/plain"}
        play.send(
            each["method"], f"/service/rest{each['path']}", password, headers=headers, **content
        ).raise_for_status()
        if each["path"].endswith("/change-password"):
            password = ADMIN


def _import(play: Play, state: dict[str, Any]) -> None:
    """Imports the state with this server's address, certificate and ids."""
    there = {
        "provider-test:url": play.environment["NEXUS_URL"],
        "provider-test:caPem": (play.folder / "ca.pem").read_text(),
    }
    for resource in state["deployment"]["resources"]:
        if resource["type"] == "pulumi:providers:pulumi-python":
            resource["inputs"] |= there
            resource["outputs"] |= there
        elif resource.get("outputs", {}).get("kind") in GENERATED_IDS:
            resource["outputs"]["serverId"] = _generated_id(play, resource["outputs"])
    file = play.folder / "older-state.json"
    file.write_text(json.dumps(state))
    play.pulumi("stack", "import", "--stack", "test", "--file", str(file))


def _generated_id(play: Play, outputs: dict[str, Any]) -> str:
    path, page, ours, theirs = GENERATED_IDS[outputs["kind"]]
    listed = play.ask("GET", path).json()
    wanted = {"name": outputs["name"], **outputs["body"]}[ours]
    (found,) = [entry["id"] for entry in (listed[page] if page else listed) if entry.get(theirs) == wanted]
    return str(found)


def test_states_of_older_trees_are_recorded() -> None:
    assert RECORDED


@pytest.mark.parametrize("refresh", [(), ("--refresh",)], ids=["as the state has it", "with refresh"])
def test_a_state_of_an_older_tree_previews_empty(upgraded: Play, refresh: tuple[str, ...]) -> None:
    of_state = len(upgraded.state()["deployment"]["resources"])
    output = upgraded.preview("--expect-no-changes", *refresh)
    assert f"{of_state - 1} unchanged" in output  # Pulumi does not count the provider of `command`


def test_a_difference_is_found(upgraded: Play) -> None:
    upgraded.wanted["roles"]["reader"]["description"] = "changed"
    assert "1 to update" in upgraded.preview()
