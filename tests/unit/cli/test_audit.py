"""`audit`: lines of Nexus's audit log, as core 3.77 wrote them, and the files of the last days."""

import json
from datetime import UTC, datetime

import pytest

from cli.audit.files import names
from cli.audit.record import Record

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
ROLE = {
    "timestamp": "2026-11-26 09:57:44,227+0000",
    "nodeId": "6ac522c2-13986446-2c221bb2-281bb0c8-49e427c5",
    "initiator": "admin/127.0.0.1",
    "domain": "security.role",
    "type": "created",
    "context": "role1",
    "thread": "qtp523382629-87",
    "attributes": {"id": "role1", "name": "role1", "source": "default", "roles": "", "privileges": "nx-metrics-all"},
}
LOGIN = {
    **ROLE,
    "initiator": "*UNKNOWN/127.0.0.1",
    "domain": "security.user",
    "type": "authentication",
    "attributes": {
        "failureReasons": ["INCORRECT_CREDENTIALS"],
        "wasSuccessful": False,
        "userId": "u1",
        "remoteIp": "127.0.0.1",
        "userAgent": "curl/7.88.1",
        "path": "/repository/r1/x",
    },
}
ASSET = {
    **ROLE,
    "domain": "repository.asset",
    "type": "deleted",
    "context": "/x",
    "attributes": {"repository.name": "r1", "path": "/x", "kind": ""},
}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (ROLE, "2026-11-26 09:57:44 UTC  admin/127.0.0.1  security.role created role1"),
        (
            LOGIN,
            "2026-11-26 09:57:44 UTC  *UNKNOWN/127.0.0.1  security.user authentication u1 refused at /repository/r1/x",
        ),
        (ASSET, "2026-11-26 09:57:44 UTC  admin/127.0.0.1  repository.asset deleted r1/x"),
    ],
)
def test_a_record_is_one_readable_line(line: dict[str, object], shown: str) -> None:
    found = Record.parse(json.dumps(line))
    assert found
    assert found.shown() == shown


def test_a_name_with_line_breaks_stays_on_one_line() -> None:
    found = Record.parse(json.dumps({**ROLE, "context": "x\n2026-11-26 admin did nothing\x1b[2K"}))
    assert found
    assert "\n" not in found.shown()
    assert "\x1b" not in found.shown()


@pytest.mark.parametrize("line", ["", "{", "[]", "null", '{"timestamp": "yesterday"}', json.dumps(ROLE)[:90]])
def test_other_lines_are_left_out(line: str) -> None:
    assert Record.parse(line) is None


def test_the_files_of_the_days_are_read_oldest_first() -> None:
    found = ["audit.log", *(f"audit-2026-11-{day:02}.log.gz" for day in (25, 23, 24)), "audit-x.log.gz", "other.log"]
    assert names(found, datetime(2026, 11, 25, 9, tzinfo=UTC)) == [
        "audit-2026-11-24.log.gz",
        "audit-2026-11-25.log.gz",
        "audit.log",
    ]
    assert names(["audit-2026-11-20.log.gz"], NOW) == []
