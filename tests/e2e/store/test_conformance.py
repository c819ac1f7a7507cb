"""All requests of this tier, and their answers, are checked against the published API."""

import json

import pytest

from tests.e2e.store.journal import FILE, StoreJournal
from tests.e2e.store.store import Store, run

DOCTORED = {
    "method": "GET",
    "path": "/service/rest/v1/security/anonymous",
    "status": 200,
    "answer": {"enabled": "perhaps", "userId": "anonymous", "realmName": "NexusAuthorizingRealm"},
}


def test_the_journal_has_the_first_up(store: Store, journal: StoreJournal) -> None:
    journal.position = 0
    exchanges = journal.take()
    journal.judge(exchanges)
    made = {exchange.path for exchange in exchanges if exchange.method == "POST" and exchange.accepted}
    assert {f"/v1/repositories/{kind}" for kind in ("docker/hosted", "maven/group", "yum/proxy")} <= made
    assert [exchange.request["name"] for exchange in exchanges if exchange.path == "/v1/repositories/yum/hosted"]


def test_an_answer_that_violates_the_api_fails(store: Store, journal: StoreJournal) -> None:
    journal.check()
    line = json.dumps(DOCTORED) + "\n"
    run(["docker", "exec", "--interactive", store.container("nexus"), "sh", "-c", f"cat >> {FILE}"], text=line)
    with pytest.raises(AssertionError, match=r"GET /v1/security/anonymous 200: answer .*enabled"):
        journal.check()


def test_the_journal_contains_no_secret(store: Store) -> None:
    kept = run(["docker", "exec", store.container("nexus"), "cat", FILE])
    assert not [secret for secret in (store.admin[1], store.jenkins[1]) if secret in kept]
