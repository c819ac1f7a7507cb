"""nginx caches Nexus's 401 for requests without a login for ten seconds."""

import time
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from cli.limits.access_log import counted
from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED
from tests.integration.programs.nginx.server import Answer, Echo, Nginx
from tests.unit.nginx.rendering import configuration

Serve = Callable[..., Nginx]
POM = "/repository/maven-public/org/app/1/app-1.pom"
CHALLENGE = 'BASIC realm="Sonatype Nexus Repository Manager"'
OF_ITS_OWN = [
    {"Authorization": "Basic YTpi"},
    {"Authorization": "Bearer x"},
    {"Cookie": "NXSESSIONID=1"},
    {"X-NuGet-ApiKey": "x"},
    {"Range": "bytes=1-2"},
    {"If-None-Match": '"x"'},
    {"If-Modified-Since": "Thu, 26 Nov 2026 09:00:00 GMT"},
]
"""Headers with which a request gets an answer of its own."""


def refuses(request: BaseHTTPRequestHandler) -> Answer:
    if request.headers.get("Authorization"):
        return Answer(200, {}, b"for one alone")
    headers = {"WWW-Authenticate": CHALLENGE, "Set-Cookie": "NXSESSIONID=1", "Cache-Control": "max-age=3600"}
    return Answer(401, headers, request.path.encode())


@pytest.fixture
def asked(nexus: dict[int, Echo]) -> list[str]:
    """The requests to all ports of Nexus."""
    found: list[str] = []
    for port in (GUI, HOSTED, GROUP):
        nexus[port].answer = refuses
        nexus[port].requests = found
    return found


@pytest.mark.parametrize(
    "path", [POM, "/v2/", "/v2/team/app/manifests/1", "/repository/x//y", "/repository/npm/@a%2fb"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_same_request_reaches_nexus_once(serve: Serve, asked: list[str], method: str, path: str) -> None:
    nginx = serve()
    with closing(nginx.connection()) as connection:
        replies = [nginx.ask(method, path, over=connection) for _ in range(5)]
    assert {reply.status for reply in replies} == {401}
    assert {reply.headers["WWW-Authenticate"] for reply in replies} == {CHALLENGE}
    assert {reply.body for reply in replies} == {path.encode() if method == "GET" else b""}
    assert not any("Set-Cookie" in reply.headers for reply in replies)
    assert asked == [f"{method} {path}"]


@pytest.mark.parametrize("headers", OF_ITS_OWN)
def test_requests_with_credentials_or_conditions_always_reach_nexus(
    serve: Serve, asked: list[str], headers: dict[str, str]
) -> None:
    nginx = serve()
    with closing(nginx.connection()) as connection:
        nginx.ask("GET", POM, over=connection)
        for _ in range(3):
            reply = nginx.ask("GET", POM, headers, over=connection)
            assert reply.status == (200 if "Authorization" in headers else 401)
        assert nginx.ask("GET", POM, over=connection).body == POM.encode()
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", POM),
        ("DELETE", POM),
        ("POST", "/v2/a/blobs/uploads/"),
        ("GET", f"{POM}?token=x"),
        ("GET", "/v2/token"),
        ("GET", "/"),
        ("GET", "/service/rest/v1/status"),
    ],
)
def test_other_methods_and_paths_always_reach_nexus(serve: Serve, asked: list[str], method: str, path: str) -> None:
    nginx = serve()
    with closing(nginx.connection()) as connection:
        for _ in range(3):
            nginx.ask(method, path, over=connection)
    assert len(asked) == (1 if path == "/v2/token" else 3)


@pytest.mark.parametrize("status", [200, 206, 302, 403, 404, 500, 503])
def test_only_a_401_is_cached(serve: Serve, asked: list[str], nexus: dict[int, Echo], status: int) -> None:
    headers = {"Cache-Control": "public, max-age=3600", "Location": "/x"}
    nexus[GUI].answer = lambda request: Answer(status, headers, b"x")
    nginx = serve()
    for _ in range(3):
        assert nginx.ask("GET", POM).status == status
    assert len(asked) == 3


def test_answers_are_cached_by_name_path_and_accepted_type(serve: Serve, asked: list[str]) -> None:
    nginx = serve({"serverNames": ["other.domain.org"]})
    for host in ("nexus.domain.org", "other.domain.org"):
        for path in (POM, f"{POM}.sha1"):
            for accept in ("text/html", "application/json"):
                assert nginx.ask("GET", path, host=host, Accept=accept).body == path.encode()
    assert len(asked) == 8


def test_an_expired_401_is_requested_again(serve: Serve, asked: list[str], nexus: dict[int, Echo]) -> None:
    nginx = serve()
    nginx.load(configuration().text.replace("proxy_cache_valid 401 10s", "proxy_cache_valid 401 1s"), nexus)
    nginx.ask("GET", POM)
    nexus[GUI].answer = lambda request: Answer(200, {}, b"open now")
    while nginx.ask("GET", POM).status == 401:
        time.sleep(0.1)
    assert len(asked) == 2


RUT = {"capabilities": {"sso": {"type": "rutauth", "properties": {"httpHeader": "X-SSO-USER"}}}}


@pytest.mark.parametrize("given", [{"anonymousAccess": True}, RUT])
def test_with_anonymous_access_or_rut_auth_nothing_is_cached(
    serve: Serve, asked: list[str], given: dict[str, Any]
) -> None:
    nginx = serve(**given)
    for _ in range(3):
        assert nginx.ask("GET", POM).status == 401
    assert len(asked) == 3


@pytest.mark.parametrize("log", [True, "json"])
def test_cached_answers_are_counted_separately(serve: Serve, asked: list[str], log: Any) -> None:
    nginx = serve({"accessLog": log})
    with closing(nginx.connection()) as connection:
        for _ in range(5):
            nginx.ask("GET", POM, over=connection)
    nginx.ask("GET", POM, Authorization="Basic YTpi")
    while len(lines := (nginx.folder / "access.log").read_text().splitlines()) < 6:
        time.sleep(0.01)
    found = counted(lines)
    assert (found.requests, found.unauthorized, found.answered) == (2, 1, 4)
    assert len(asked) == 2


def test_rate_limits_also_apply_to_cached_answers(serve: Serve, asked: list[str]) -> None:
    nginx = serve({"rateLimit": {"clientRequestsPerSecond": 1}})
    with closing(nginx.connection()) as connection:
        statuses = [nginx.ask("GET", POM, over=connection).status for _ in range(14)]
    assert statuses[0] == 401
    assert 429 in statuses
    assert len(asked) == 1


def test_while_nexus_is_down_clients_get_a_registry_error(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    nexus[HOSTED].stop()
    reply = nginx.ask("GET", "/v2/")
    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    assert reply.json["errors"][0]["code"] == "UNAVAILABLE"
