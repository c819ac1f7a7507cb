"""Guesses by somebody who has read the templates: computed spellings, other paths for a login, many addresses."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import count

import pytest

from tests.e2e.attack.conftest import Attempts
from tests.integration.programs.nginx.sending import Serve, ask_from, basic
from tests.integration.programs.nginx.server import Answer, Echo

OWN, RIGHT = basic("mallory", "own"), basic("jenkins", "right")
BURST, OF_A_USER = 16, 61
"""What a limit lets through at once: of one address, and of one user."""


def murmur(text: bytes) -> int:
    """MurmurHash2 with the seed 0, as `split_clients` of nginx uses it."""
    h, at = len(text), 0
    while len(text) - at >= 4:
        k = int.from_bytes(text[at : at + 4], "little") * 0x5BD1E995 & 0xFFFFFFFF
        k = (k ^ k >> 24) * 0x5BD1E995 & 0xFFFFFFFF
        h = h * 0x5BD1E995 & 0xFFFFFFFF ^ k
        at += 4
    if rest := text[at:]:
        h = (h ^ int.from_bytes(rest, "little")) * 0x5BD1E995 & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0x5BD1E995 & 0xFFFFFFFF
    return h ^ h >> 15


def bucket(login: str, digit: int) -> int:
    """In which sixteenth an unkeyed `split_clients` puts a login, as the first release did with four of them."""
    return murmur(f"{digit}{login}".encode()) * 10000 // 0x100000000 // 625


def collisions() -> Iterator[str]:
    """Wrong passwords of the administrator, spelled so that four unkeyed sixteenths are those of the known login."""
    wanted = [bucket(OWN, digit) for digit in (1, 2, 3, 4)]
    for number in count():
        encoded = basic("admin", str(number)).removeprefix("Basic ")
        spellings = (f"bAsIc{each} {encoded}" for each in count())
        yield next(s for s in spellings if all(bucket(s, n) == wanted[n - 1] for n in (1, 2, 3, 4)))


@pytest.fixture
def asked(nexus: dict[int, Echo]) -> list[str]:
    """The requests that reach Nexus with a wrong login."""
    found: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> Answer:
        right = request.headers["Authorization"] in (OWN, RIGHT)
        if not right:
            found.append(request.path)
        return Answer(200 if right else 401, {}, b"{}")

    for echo in nexus.values():
        echo.answer = answer
    return found


def test_computed_spellings_are_not_taken_for_a_known_login(serve: Serve, asked: list[str], attempts: Attempts) -> None:
    nginx = serve()
    attempts.control(ask_from(nginx, "127.0.66.1", Authorization=OWN).status == 200)
    for number, spelled in zip(range(attempts.of(40, 8)), collisions(), strict=False):
        ask_from(nginx, "127.0.66.1", Authorization=spelled)
        attempts.held(f"spelling {number}", not asked)
    attempts.control(ask_from(nginx, "127.0.66.1", Authorization=OWN).status == 200)


DOORS = [
    "/repository;x/npm-hosted/-/user/org.couchdb.user:admin",
    "/repository/npm-hosted;x/-/user/org.couchdb.user:admin",
    "/repository/npm-hosted/-;/user/org.couchdb.user:admin",
    "/repository/npm-hosted/-/user;x=y/org.couchdb.user:admin",
    "/repository/npm-hosted/-/user%3bx/org.couchdb.user:admin",
    "/repository%3bx/npm-hosted/-/user/org.couchdb.user:admin",
    "/service;x/rapture/session",
    "/service/rapture%3Bx/session",
    "/service/rapture/session;x",
]


@pytest.mark.parametrize("door", DOORS)
def test_a_semicolon_takes_no_login_past_the_limit(
    serve: Serve, asked: list[str], attempts: Attempts, door: str
) -> None:
    nginx = serve()
    method = "PUT" if "npm" in door else "POST"
    begun = time.monotonic()
    for number in range(attempts.of(200, 40)):
        nginx.ask(method, door, body=f"username=YWRtaW4=&password={number}")
        attempts.held(f"guess {number} at {door}", len(asked) <= BURST + _since(begun) / 2)
    uploaded = ask_from(nginx, "127.0.77.1", "/repository/raw-hosted/a%3bb.txt", Authorization=RIGHT)
    attempts.control(uploaded.status == 200)


def test_many_addresses_guess_no_faster_at_one_user(serve: Serve, asked: list[str], attempts: Attempts) -> None:
    nginx = serve()
    attempts.control(ask_from(nginx, "127.0.77.1", Authorization=RIGHT).status == 200)
    begun = time.monotonic()
    for number in range(attempts.of(1000, 300)):
        source = f"127.0.{66 + number // 250}.{1 + number % 250}"
        ask_from(nginx, source, Authorization=basic("jenkins", f"guess {number}"))
        attempts.held(f"guess {number} from {source}", len(asked) <= OF_A_USER + 2 * _since(begun))
    fleet = [f"127.1.{number // 250}.{1 + number % 250}" for number in range(attempts.of(800, 300))]
    refused = [agent for agent in fleet if ask_from(nginx, agent, Authorization=RIGHT).status != 200]
    attempts.controls += len(fleet)
    attempts.passed += len(fleet) - len(refused)
    assert refused == [], "new agents log in while others guess"


def _since(begun: float) -> float:
    """Seconds, and one for rounding."""
    return time.monotonic() - begun + 1
