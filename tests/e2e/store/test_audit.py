"""`make audit` as a user runs it, also for days whose logs Nexus has compressed."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.store.small_store import small_stack
from tests.e2e.store.store import Store, run

FOLDER = "/nexus-data/log/audit"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_stack("audit") as store:
        store.make("up")
        assert store.content("PUT", "files/a.txt", auth=store.jenkins, data=b"a").ok
        assert store.content("GET", "files/a.txt", auth=("jenkins", "wrong")).status_code == 401
        assert store.content("DELETE", "files/a.txt", auth=store.admin).ok
        _add_earlier_days(store, tmp_path_factory.mktemp("audit"))
        yield store


def _add_earlier_days(store: Store, folder: Path) -> None:
    for days in (3, 40):
        at = datetime.now(UTC) - timedelta(days=days)
        record = {
            **{"timestamp": f"{at:%Y-%m-%d %H:%M:%S},000+0000", "nodeId": "n", "thread": "t", "attributes": {}},
            **{"initiator": f"before-{days}/10.0.0.5", "domain": "security.role", "type": "deleted", "context": "old"},
        }
        file = folder / f"audit-{at:%Y-%m-%d}.log.gz"
        file.write_bytes(gzip.compress(json.dumps(record).encode() + b"\n"))
        run(["docker", "cp", str(file), f"{store.container('nexus')}:{FOLDER}/"])


def test_todays_actions_are_shown_with_the_client_address_that_nginx_saw(audited: Store) -> None:
    output = audited.make("audit")
    (stored,) = [line for line in output.splitlines() if line.endswith("repository.asset created files/a.txt")]
    address = stored.split("jenkins/")[1].split()[0]
    assert address.count(".") == 3
    assert f"*UNKNOWN/{address}  security.user authentication jenkins refused at /repository/files/a.txt" in output
    assert "security.role created ci" in output
    assert "before-" not in output
    assert [name for name in ("admin", "jenkins") if audited.secret(f"passwords.{name}") in output] == []


def test_it_filters_by_day_user_and_domain(audited: Store) -> None:
    assert "before-3" in audited.make("audit", DAYS="7")
    assert "before-40" not in audited.make("audit", DAYS="7")
    assert "before-40" in audited.make("audit", DAYS="90")
    mine = audited.make("audit", USER_IS="jenkins").splitlines()
    assert mine
    assert all("  jenkins/" in line for line in mine)
    about = audited.make("audit", ABOUT="security").splitlines()
    assert about
    assert all("  security." in line for line in about)


def test_raw_lines_are_json(audited: Store) -> None:
    records = [json.loads(line) for line in audited.make("audit", ABOUT="repository", JSON="1").splitlines()]
    assert {"repository", "repository.asset"} == {record["domain"] for record in records}
    assert all(record["nodeId"] for record in records)
