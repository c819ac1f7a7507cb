"""The check of requests and answers against the published API finds violations."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from nexus.http.transport import AGENT
from tests.conformance.contract.stand_in import running
from tests.conformance.stand_in import journal
from tests.conformance.stand_in.conformance import complaints, watching
from tests.conformance.stand_in.exchange import Exchange, seen
from tests.conformance.stand_in.facts import GENERATIONS
from tests.support.versions import NEWEST

ROLE = {
    "id": "dev",
    "name": "dev",
    "source": "default",
    "description": "",
    "readOnly": False,
    "privileges": [],
    "roles": [],
}


def answer(method: str, path: str, status: int, body: object) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers["Content-Type"] = "application/json"
    response._content = json.dumps(body).encode()
    response.request = requests.Request(method, f"http://127.0.0.1:1/service/rest{path}").prepare()
    return response


def shown(method: str, path: str, status: int, body: object) -> Exchange:
    return seen(answer(method, path, status, body))


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("/v1/security/roles/dev", ROLE, ""),
        ("/v1/security/roles/dev", {**ROLE, "privileges": "nx-all"}, "privileges"),
        ("/v1/security/roles", [ROLE, {**ROLE, "name": 7}], "name"),
        ("/v1/security/roles", ROLE, "is no list"),
        ("/v1/nothing", {}, "there is no such operation"),
    ],
)
def test_a_mismatching_answer_is_found(generation: str, path: str, body: object, complaint: str) -> None:
    found = complaints(generation, shown("GET", path, 200, body))
    assert complaint in " ".join(found)
    assert bool(found) == bool(complaint)


def test_a_missing_required_field_is_found() -> None:
    found = complaints("3.90", shown("GET", "/v1/repositories/raw/hosted/files", 200, {"name": "files"}))
    assert any("online is missing" in one for one in found)


def test_an_unknown_enum_value_is_found() -> None:
    rule = {"name": "r", "description": "", "mode": "MAYBE", "matchers": [".*"]}
    assert any("BLOCK" in one for one in complaints("3.90", shown("GET", "/v1/routing-rules/r", 200, rule)))


def test_a_wrong_answer_fails_its_test() -> None:
    observers: list[Callable[[requests.Response], object]] = []
    with pytest.raises(AssertionError, match="does not conform"), watching(observers, {"127.0.0.1:1": NEWEST}):
        observers[0](answer("GET", "/v1/security/roles", 200, ROLE))


SENT = {"name": "dev", "id": "dev", "description": "", "privileges": [], "roles": []}


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (SENT, ""),
        ({**SENT, "roles": "nx-admin"}, "roles"),
        ({**SENT, "readOnly": False}, ""),
        ([SENT], "is no object"),
    ],
)
def test_a_mismatching_request_is_found(generation: str, body: object, complaint: str) -> None:
    found = complaints(generation, Exchange("POST", "/v1/security/roles", 200, request=body, answer=ROLE))
    assert complaint in " ".join(found)
    assert bool(found) == bool(complaint)


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("/v1/security/roles", {**SENT, "readOnly": False}, "request has readOnly, which is not known"),
        (
            "/v1/blobstores/file",
            {"name": "b", "path": "b", "softQuota": {"type": "spaceUsedQuota", "limit": 1, "unit": 1}},
            "request has softQuota.unit",
        ),
    ],
)
def test_an_unknown_field_of_the_provider_is_found(generation: str, path: str, body: object, complaint: str) -> None:
    sent = Exchange("POST", path, 200 if "roles" in path else 204, request=body)
    assert complaints(generation, sent) == []
    assert complaint in " ".join(complaints(generation, replace(sent, client=AGENT)))


def test_an_unexpected_body_is_found() -> None:
    found = complaints("3.90", Exchange("DELETE", "/v1/security/roles/dev", 204, request={}))
    assert found == ["DELETE /v1/security/roles/dev 204: request has a body, and the operation takes none"]


def test_the_journal_of_a_server_is_checked(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "exchanges"
    with running(program, tmp_path / "server", NEWEST, "--exchanges", str(file)) as server:
        of_server = journal.of_file(NEWEST, file)
        server.rest("POST", "security/roles", json=SENT)
        made, shown = server.rest("GET", "security/roles/dev"), of_server.take()
        of_server.judge(shown)
        assert (shown[-1].place, shown[-1].media) == ("GET /v1/security/roles/dev 200", "application/json")
        assert shown[-1].answer == made.json()
        assert shown[-1].client.startswith("python-requests/")
        assert shown[-2].request == SENT
        assert of_server.take() == []

        server.rest("GET", "security/roles/dev")
        doctored = file.read_text().replace('"privileges":[]', '"privileges":"nx-all"')
        file.write_text(doctored)
        of_server.position = 0
        with pytest.raises(AssertionError, match=r"GET /v1/security/roles/dev 200: answer .*privileges"):
            of_server.check()


def test_the_journal_contains_no_secret(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "exchanges"
    user = {"userId": "dev", "firstName": "d", "lastName": "d", "emailAddress": "d@domain.org", "roles": ["nx-admin"]}
    with running(program, tmp_path / "server", NEWEST, "--exchanges", str(file)) as server:
        body = {**user, "password": "of-the-developer", "status": "active"}
        assert server.rest("POST", "security/users", json=body).status_code == 200
        journal.of_file(NEWEST, file).check()
    assert "of-the-developer" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
