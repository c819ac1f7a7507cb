"""Every spelling of a path that nginx closes or counts, and requests within requests, sent to a real nginx.

In Nexus's place is a server that takes more for a door than a release of Nexus does. It reads targets as Jetty, on
which Nexus runs, and in each order of the steps: the parameters of a segment are cut, what is encoded is decoded once,
empty segments and those of dots are resolved. It believes both lengths of a body. `make acceptance` asks a real core.
"""

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import pytest

from tests.e2e.attack.conftest import Attempts
from tests.e2e.attack.paths import exchange, passed, smuggled, spelled, written
from tests.integration.programs.nginx.conftest import GUI
from tests.integration.programs.nginx.server import Echo, Nginx

Serve = Callable[..., Nginx]
HOST = "nexus.domain.org"
ELSEWHERE = {"restAllowedFrom": ["192.0.2.0/24"]}
CLOSED = ("/service/metrics/data", "/service/rest/v1/status", "/service/extdirect/poll")
COUNTED = ("/service/rapture/session", "/repository/npm-hosted/-/user/org.couchdb.user:admin")


def readings(target: str) -> set[str]:
    """The paths that a server may take a request's target for."""
    path = re.split("[?#]", target)[0]
    if "://" in path:
        path = urlsplit(path).path
    return {resolved(text) for text in (unquote(cut(path)), cut(unquote(path)), unquote(resolved(cut(path))))}


def cut(path: str) -> str:
    return re.sub(";[^/]*", "", path)


def resolved(path: str) -> str:
    return posixpath.normpath("/" + path.lstrip("/"))


def is_at(door: str, line: str) -> bool:
    """Whether a request's line, like `GET /x`, may be for what is behind a door."""
    found = readings(line.partition(" ")[2])
    return any(path == door or path.startswith(f"{door}/") for path in found)


class Behind:
    """What of the requests has arrived in Nexus's place."""

    def __init__(self, nexus: dict[int, Echo], door: str) -> None:
        self._nexus, self._door = nexus, door
        self.seen()

    def seen(self) -> list[str]:
        """The requests since the last call."""
        found = [line for echo in self._nexus.values() for line in echo.requests]
        for echo in self._nexus.values():
            echo.requests.clear()
        return found

    def reached(self, _: bytes) -> bool:
        return any(is_at(self._door, line) for line in self.seen())


def compared(
    attempts: Attempts, nginx: Nginx, nexus: dict[int, Echo], door: str, requests: list[bytes], before: bytes = b""
) -> None:
    """Tries each on nginx, after the request `before` if there is one, and past it as its control."""
    behind = Behind(nexus, door)

    def send(request: bytes) -> bytes:
        if before:
            exchange(nginx.ports[8443], before, nginx.tls)
            behind.seen()
        return exchange(nginx.ports[8443], request, nginx.tls)

    for request in requests:
        attempts.control(passed=behind.reached(exchange(nexus[GUI].port, request)))
    for request in passed(requests, send, behind.reached).through:
        attempts.broken.append(request.partition(b"\r\n")[0].decode("latin-1"))
    attempts.tried += len(requests)


@pytest.mark.parametrize("door", CLOSED)
def test_no_spelling_of_a_closed_path_reaches_nexus(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, door: str
) -> None:
    requests = [written("GET", target, HOST) for target in spelled(door, HOST)]
    compared(attempts, serve(ELSEWHERE), nexus, door, requests)


@pytest.mark.parametrize("door", COUNTED)
def test_no_spelling_of_a_login_in_a_body_gets_around_the_brake(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, door: str
) -> None:
    nginx = serve({"rateLimit": {"loginsPerMinute": 1}})
    plain = written("POST", door, HOST)
    while b" 429 " not in exchange(nginx.ports[8443], plain, nginx.tls).partition(b"\r\n")[0]:
        pass  # the burst; after a minute the plain one before each spelling takes what the rate lets through
    requests = [written("POST", target, HOST) for target in spelled(door, HOST)]
    compared(attempts, nginx, nexus, door, requests, before=plain)


@pytest.mark.parametrize("door", CLOSED[:1])
def test_no_request_within_another_reaches_a_closed_path(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, door: str
) -> None:
    compared(attempts, serve(ELSEWHERE), nexus, door, list(smuggled(door, HOST)))
