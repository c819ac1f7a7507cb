"""A stranger has nginx remember 401s, and tries to have others get them, or to get what others get."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import pytest

from tests.e2e.attack.conftest import Attempts
from tests.e2e.attack.paths import exchange, spelled, written
from tests.e2e.attack.test_paths import HOST
from tests.integration.programs.nginx.server import Answer, Echo, Nginx
from tests.integration.programs.nginx.test_unsigned import CHALLENGE, OF_ITS_OWN, POM

Serve = Callable[..., Nginx]
PATHS = [POM, "/v2/", "/v2/team/app/manifests/1", "/repository/npm/@a%2fb", "/repository/x//y"]
CREDENTIALS = ("Authorization", "Cookie", "X-NuGet-ApiKey")
# The same, as only a client of its own writes them: nginx has to see what Nexus would.
SPELLED = [
    "authorization: Basic YTpi\r\n",
    "AUTHORIZATION:Basic YTpi\r\n",
    "Authorization:  \t Basic YTpi  \r\n",
    "Cookie: \r\nCookie: NXSESSIONID=1\r\n",
    "cookie: a=b\r\nCookie: NXSESSIONID=1\r\n",
    "X-NuGet-ApiKey: \r\nX-NuGet-ApiKey: x\r\n",
    "x-nuget-apikey: x\r\n",
]
OWN = [
    *("".join(f"{name}: {value}\r\n" for name, value in headers.items()) for headers in OF_ITS_OWN),
    *SPELLED,
]
PRIVATE = b"for one alone"


def answers(request: BaseHTTPRequestHandler) -> Answer:
    if any(value for name in CREDENTIALS for value in request.headers.get_all(name, [])):
        return Answer(200, {"Cache-Control": "public, max-age=3600", "Set-Cookie": "NXSESSIONID=2"}, PRIVATE)
    return Answer(401, {"WWW-Authenticate": CHALLENGE, "Cache-Control": "max-age=3600"}, request.path.encode())


class Store:
    """nginx before a Nexus that answers as `answers`."""

    def __init__(self, nginx: Nginx, nexus: dict[int, Echo]) -> None:
        self._nginx, self._nexus = nginx, nexus
        for echo in nexus.values():
            echo.answer = answers

    def ask(self, path: str, headers: str = "", method: str = "GET") -> tuple[bytes, bool]:
        """The whole answer, and whether Nexus has got the request."""
        before = self._count()
        answer = exchange(self._nginx.ports[8443], written(method, path, HOST, headers), tls=self._nginx.tls)
        return answer, self._count() > before

    def _count(self) -> int:
        return sum(len(echo.requests) for echo in self._nexus.values())

    def prime(self, path: str) -> None:
        """Has nginx remember the 401, as a stranger does who asks until it does."""
        for _ in range(20):
            answer, is_fresh = self.ask(path)
            assert answer.startswith(b"HTTP/1.1 401 ")
            if not is_fresh:
                return
        raise AssertionError(f"nginx does not remember the 401 for {path}")


@pytest.mark.parametrize("path", PATHS)
def test_no_request_with_a_login_gets_a_remembered_401(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, path: str
) -> None:
    store = Store(serve({"rateLimit": {"loginsPerMinute": None}}), nexus)
    for headers in OWN:
        attempts.control(passed=store.ask(path, headers)[1])
    for headers in OWN:
        for method in ("GET", "HEAD"):
            store.prime(path)
            answer, is_fresh = store.ask(path, headers, method)
            served = answer.startswith(b"HTTP/1.1 200 ") or not any(name in headers for name in CREDENTIALS)
            attempts.held(f"{method} {path} with {headers!r} got {answer[:40]!r}", is_fresh and served)


@pytest.mark.parametrize("path", PATHS)
def test_no_stranger_gets_what_somebody_with_a_login_got(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, path: str
) -> None:
    store = Store(serve({"rateLimit": {"loginsPerMinute": None}}), nexus)
    for headers in OWN[:3]:
        for target in spelled(path, HOST):
            attempts.control(passed=PRIVATE in store.ask(path, headers)[0])
            answer, _ = store.ask(target)
            attempts.held(f"{target} after {headers!r}", PRIVATE not in answer and b"Set-Cookie" not in answer)


def test_no_remembered_401_answers_for_another_path(serve: Serve, nexus: dict[int, Echo], attempts: Attempts) -> None:
    """Each 401 here names its path, as the realm of a docker repository's does."""
    store = Store(serve({"rateLimit": {"loginsPerMinute": None}}), nexus)
    store.prime(POM)
    attempts.control(passed=store.ask(POM)[0].endswith(POM.encode()))
    for target in spelled(POM, HOST):
        answer, _ = store.ask(target)
        if answer.startswith(b"HTTP/1.1 401 "):
            path = urlsplit(target).path if "://" in target else target
            own = "/" + path.lstrip("/")  # as the server in Nexus's place reads it
            attempts.held(f"{target} got {answer[-80:]!r}", answer.endswith(f"\r\n{own}".encode()))
