"""The audit log: the capability stays enabled, and the command can read the log."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from cli.audit.record import Record
from tests.integration.provider.play import ADMIN, Play

WRONG = "a-wrong-password"


@pytest.fixture(scope="module")
def audited(play: Play) -> Play:
    play.wanted |= {
        "blobStores": {"files": {}},
        "repositories": {"files": {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "files"}}},
        "capabilities": {"audit": {"type": "audit", "enabled": True, "adopt": True}},
        "roles": {"reader": {"privileges": ["nx-metrics-all"]}},
    }
    play.up()
    return play


def capability(play: Play) -> dict[str, Any]:
    (found,) = [each for each in play.ask("GET", "/v1/capabilities").json() if each["type"] == "audit"]
    return dict(found)


def lines(play: Play) -> list[str]:
    return (play.folder / "data" / "log" / "audit" / "audit.log").read_text().splitlines()


def test_the_shipped_capability_is_taken_over(audited: Play) -> None:
    assert "unchanged" in audited.preview("--refresh", "--expect-no-changes")
    assert capability(audited)["enabled"] is True


def test_a_disabled_capability_is_enabled_again(audited: Play) -> None:
    body = {key: capability(audited)[key] for key in ("id", "type", "notes", "properties")}
    assert audited.ask("PUT", f"/v1/capabilities/{body['id']}", {**body, "enabled": False}).ok
    silent = len(lines(audited))
    assert audited.ask("DELETE", "/v1/routing-rules/none").status_code == 404
    requests.get(f"http://127.0.0.1:{audited.plain_port}/repository/files/x", auth=("admin", WRONG), timeout=60)
    assert len(lines(audited)) == silent
    audited.up("--refresh")
    assert capability(audited)["enabled"] is True
    requests.get(f"http://127.0.0.1:{audited.plain_port}/repository/files/x", auth=("admin", WRONG), timeout=60)
    assert len(lines(audited)) > silent


def test_the_log_has_the_changes_of_an_up(audited: Play) -> None:
    found = {(each.user, each.domain, each.type, each.context) for each in map(Record.parse, lines(audited)) if each}
    assert {
        ("admin", "repository", "created", "files"),
        ("admin", "blobstore", "created", "files"),
        ("admin", "security.role", "created", "reader"),
        ("admin", "security.user", "updated", "admin"),
    } <= found


def test_the_log_has_content_changes_and_refused_logins(audited: Play) -> None:
    before = len(lines(audited))
    audited.store("files/a.txt", b"a")
    url = f"http://127.0.0.1:{audited.plain_port}/repository/files/a.txt"
    assert requests.delete(url, auth=("admin", ADMIN), timeout=60).ok
    requests.get(url, auth=("alice", WRONG), timeout=60)
    read = [each for each in map(Record.parse, lines(audited)[before:]) if each]
    records = [(each.who, each.domain, each.type, each.context) for each in read]
    assert records == [
        ("admin/127.0.0.1", "repository.asset", "created", "files/a.txt"),
        ("admin/127.0.0.1", "repository.asset", "deleted", "files/a.txt"),
        ("*UNKNOWN/127.0.0.1", "security.user", "authentication", "alice refused at /repository/files/a.txt"),
    ]
    assert all(datetime.now(UTC) - each.at < timedelta(hours=1) for each in read)


def test_the_log_has_no_password(audited: Play) -> None:
    text = "\n".join(lines(audited))
    assert "created" in text
    assert [secret for secret in (ADMIN, WRONG) if secret in text] == []
