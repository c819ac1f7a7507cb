"""The check of answers against the published API sees what it should see."""

import json

import pytest
import requests

from tests.stand_in.conformance import check, watching

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


@pytest.mark.parametrize("generation", ["3.77", "3.90", "3.97"])
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
def test_an_answer_that_does_not_fit(generation: str, path: str, body: object, complaint: str) -> None:
    found = check(generation, answer("GET", path, 200, body))
    assert complaint in " ".join(found)
    assert bool(found) == bool(complaint)


def test_a_required_field_is_missed() -> None:
    found = check("3.90", answer("GET", "/v1/repositories/raw/hosted/files", 200, {"name": "files"}))
    assert any("online is missing" in one for one in found)


def test_words_that_the_api_does_not_have() -> None:
    rule = {"name": "r", "description": "", "mode": "MAYBE", "matchers": [".*"]}
    assert any("BLOCK" in one for one in check("3.90", answer("GET", "/v1/routing-rules/r", 200, rule)))


def test_a_wrong_answer_fails_the_test_in_which_it_came() -> None:
    observers: list = []
    with pytest.raises(AssertionError, match="does not conform"), watching(observers, {"127.0.0.1:1": "3.97"}):
        observers[0](answer("GET", "/v1/security/roles", 200, ROLE))
