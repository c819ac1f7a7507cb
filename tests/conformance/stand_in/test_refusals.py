"""Every operation refuses wrong requests in the forms of the real server."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.contract.stand_in import RECORDED, Server, direct
from tests.conformance.stand_in.conformance import complaints
from tests.conformance.stand_in.exchange import Exchange, below_base, media_type
from tests.conformance.stand_in.facts import GENERATIONS
from tests.conformance.stand_in.refusing import VIOLATIONS

MESSAGE = {"id": "*", "message": '"text"'}
WRONG_BODIES = (b"{}", b"[]", b'"text"', b'{"name": {"nested": []}, "id": [1]}', b'{"name": ', b"")
# Where the real server answers 500: recorded for the EULA, which must be echoed literally; reported for capabilities.
FAILS = re.compile(r"/v1/(system/eula|capabilities/nope)")
# Operations that an empty body executes, which would disturb later requests.
CARRIED_OUT = re.compile(r"/v1/(read-only/|security/realms/active)|/internal/ui/onboarding")


def operations(server: Server) -> list[tuple[str, str]]:
    paths = server.admin("GET", "/service/rest/swagger.json").json()["paths"]
    return [
        (method.upper(), re.sub(r"\{[^}]*\}", "nope", path))
        for path, methods in paths.items()
        for method in methods
        if not CARRIED_OUT.match(path)
    ]


def send(server: Server, method: str, path: str, **arguments: Any) -> int:
    return direct(method, f"{server.url}/service/rest{path}", **arguments).status_code


def recorded_refusals() -> list[Exchange]:
    files = (Path(__file__).parents[1] / "contract" / "recordings").rglob("*.json")
    return [
        Exchange(
            step["request"]["method"],
            below_base(step["request"]["path"]),
            step["response"]["status"],
            answer=step["response"]["body"],
            media=media_type(step["response"]["content_type"]),
        )
        for file in files
        for step in json.loads(file.read_text())["steps"]
        if step["response"]["status"] >= 400
    ]


def test_all_recorded_refusals_have_a_known_form() -> None:
    refusals = [one for one in recorded_refusals() if one.path]
    assert len(refusals) > 500
    assert [found for one in refusals for found in complaints(RECORDED, one)] == []


@pytest.mark.parametrize(
    ("refusal", "complaint"),
    [
        (
            Exchange("POST", "/v1/security/roles", 400, answer={"error": "no"}, media="application/json"),
            "form recorded",
        ),
        (Exchange("POST", "/v1/security/roles", 400, answer=[], media=VIOLATIONS), "form recorded"),
        (Exchange("POST", "/v1/security/roles", 400, answer="<html>", media="text/html"), "media type text/html"),
        (Exchange("POST", "/v1/security/roles", 400, answer="no", media="text/plain"), "form recorded"),
        (
            Exchange("POST", "/v1/security/roles", 403, answer=MESSAGE, media="application/json"),
            "media type application/json",
        ),
        (Exchange("GET", "/v1/security/roles/x", 404, answer=[MESSAGE], media="application/json"), "form recorded"),
        (Exchange("POST", "/v1/security/roles", 409, answer=MESSAGE, media="application/json"), "does not have"),
        (Exchange("POST", "/v1/security/roles", 500, answer="Oops", media="text/plain"), "form recorded"),
        (Exchange("POST", "/v1/security/roles", 502, media=""), "no recording has"),
    ],
)
@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_refusal_of_another_form_is_found(generation: str, refusal: Exchange, complaint: str) -> None:
    assert complaint in " ".join(complaints(generation, refusal))


def test_a_wrong_body_is_refused_in_a_recorded_form(of_generation: Server) -> None:
    for method, path in operations(of_generation):
        for body in WRONG_BODIES if method in ("POST", "PUT", "PATCH") else ():
            json = {"Content-Type": "application/json"}
            status = of_generation.admin(method, f"/service/rest{path}", data=body, headers=json).status_code
            assert status < 500 or body == b"" or FAILS.match(path), (method, path, body)


def test_missing_objects_are_not_found(of_generation: Server) -> None:
    for method, path in operations(of_generation):
        if "nope" in path and method in ("GET", "DELETE"):
            status = of_generation.admin(method, f"/service/rest{path}").status_code
            assert 400 <= status < 500 or FAILS.match(path), (method, path)


@pytest.mark.parametrize(("credentials", "status"), [(None, 403), (("admin", "wrong"), 401)])
def test_requests_without_valid_credentials_are_refused(
    of_generation: Server, credentials: tuple[str, str] | None, status: int
) -> None:
    for method, path in operations(of_generation):
        if method == "GET" and "nope" not in path:
            assert send(of_generation, method, path, auth=credentials) in (status, 200, 404, 422), (method, path)
