"""The rows of `doctor` about Nexus itself: tasks, limits, drift and policies."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.doctor import applied, server
from cli.doctor.applied import Applied
from cli.doctor.finding import Finding
from cli.drift.additions import Additions
from cli.stack.stack import Stack
from nexus.errors import NotFound, Unreachable
from policy.rule import Resource
from tests.unit.policy.resources import repository, user


class Server:
    """Answers GET requests from a table."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers

    def get(self, path: str, **query: str) -> Any:
        if path + query.get("metric", "") not in self._answers:
            raise NotFound("no such request")
        return self._answers[path + query.get("metric", "")]


def test_a_failed_task_is_reported() -> None:
    items = [{"name": "compact-a", "lastRunResult": "FAILED"}, {"name": "good", "lastRunResult": "OK"}]
    (found,) = server.tasks(Stack("trial"), Server({"/v1/tasks": {"items": items}}))
    assert found.detail == "failed: compact-a"
    assert found.fix.startswith("docker exec repository-store-trial-nexus ls -t /nexus-data/log/tasks")
    (found,) = server.tasks(Stack("trial"), Server({"/v1/tasks": {"items": items[1:]}}))
    assert (found.detail, found.fix) == ("1, none failed", "")
    assert list(server.tasks(Stack("trial"), Server({}))) == []


@pytest.mark.parametrize(("requests", "is_well"), [(79_000, True), (81_000, False)])
def test_a_nearly_reached_limit_is_reported(requests: int, is_well: bool) -> None:
    today = datetime.now(UTC).date().isoformat()
    told = {"requests": requests, "components": 10}
    api = Server(
        {f"/v1/usage-history{name}": {"data": [{"date": today, "value": value}]} for name, value in told.items()}
    )
    state = {"deployment": {"resources": [{"outputs": {"nexus_version": "3.95.2"}}]}}
    (found,) = server.limits(Stack("trial"), api, state)
    assert str(requests) in found.detail
    assert found.fix == ("" if is_well else "make limits STACK=trial")
    assert list(server.limits(Stack("trial"), Server({}), state)) == []


class Frozen:
    def get(self, path: str, **_query: str) -> Any:
        raise (Unreachable if path == "/v1/status/writable" else NotFound)("no")


def test_a_read_only_server_is_reported() -> None:
    empty: dict[str, Any] = {"deployment": {"resources": []}}
    first, *_ = server.of_server(Stack("trial"), Frozen(), empty)  # type: ignore[arg-type]
    assert first.detail == "it is read-only: nothing can be published"
    assert "release it" in first.fix


class Live:
    """The blob stores of a server."""

    def __init__(self, live: Mapping[str, Any]) -> None:
        self._live = live

    def listed(self, ref: Any, _declared: Any) -> Any:
        return self._live.get(ref.name)


def test_drift_is_reported_without_values() -> None:
    secret = {"kind": "user", "name": "jenkins", "body": {"firstName": "J", "password": "hunter2"}}
    objects = [{"kind": "user", "name": "gone", "body": {"firstName": "G"}}, secret]
    resources = [{"type": "pulumi-python:dynamic/nexus:User", "outputs": each} for each in objects]
    state = {"deployment": {"resources": resources}}
    as_it_was = Live({"gone": {"firstName": "G"}, "jenkins": {"firstName": "J"}})
    found = server.drift(Stack("trial"), as_it_was, state)  # type: ignore[arg-type]
    assert (found.detail, found.fix) == ("2 objects of Nexus match the last up", "")
    by_hand = Live({"jenkins": {"firstName": "Eve"}})
    found = server.drift(Stack("trial"), by_hand, state)  # type: ignore[arg-type]
    assert found.detail == "changed by hand: user gone is gone, user jenkins (firstName)"
    assert "make up STACK=trial restores it" in found.fix
    assert "hunter2" not in str(found)


def test_a_new_administrator_has_a_row_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """How additions are found on a server is in tests/integration/provider/test_additions.py."""
    found = Additions(("users.mallory",), ("roles.odd", "roles.a"))
    monkeypatch.setattr(server, "additions", lambda *_: found)
    admins, others = server.added(Stack("local"), Live({}), {})  # type: ignore[arg-type]
    assert (admins.what, admins.detail) == ("administrators", "not declared: mallory")
    assert "./store pulumi config set --stack local --path 'unmanaged.users[0]' mallory" in admins.fix
    assert (others.what, others.detail) == ("additions", "not in the stack: roles.a, roles.odd")
    monkeypatch.setattr(server, "additions", lambda *_: Additions())
    (well,) = server.added(Stack("local"), Live({}), {})  # type: ignore[arg-type]
    assert not well.fix


def deployed(*resources: Resource) -> Applied:
    """A stack with these resources in its state."""
    listed = [{"type": each.type, "urn": f"urn::{each.name}", "inputs": each.props} for each in resources]
    return Applied(lambda: {"deployment": {"resources": listed}})


def test_a_policy_violation_is_reported_by_the_stacks_levels(tmp_path: Path) -> None:
    levels = tmp_path / "levels.json"
    shared = (
        repository("a", storage={"blobStoreName": "s"}),
        repository("b", storage={"blobStoreName": "s"}),
        user("u"),
    )
    found = dict[str, Finding]()
    for level in ("mandatory", "advisory", "disabled"):
        levels.write_text(json.dumps({"all": "disabled", "own-blob-store": level}))
        (found[level],) = applied.policies(Stack("trial"), deployed(*shared), levels)
    assert "own-blob-store: b shares the blob store s: give it one of its own, a is" in found["mandatory"].detail
    assert found["mandatory"].fix.endswith("make up STACK=trial")
    assert (found["advisory"].detail, found["advisory"].fix) == ("passed; advisory: own-blob-store", "")
    assert found["disabled"].detail == "passed"
