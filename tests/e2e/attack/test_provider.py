"""A server in Nexus's place redirects the provider, or answers without an end or with garbage."""

import gzip
import socket
from collections.abc import Callable
from pathlib import Path

from nexus.errors import NexusError
from nexus.http.client import NexusClient
from nexus.http.listing import fetched
from tests.e2e.attack.conftest import Attempts
from tests.unit.nexus.test_hostile_server import NO_END, NO_JSON, NO_LIST, REDIRECTS, SECRET, answer, client, serving

Call = Callable[[NexusClient], object]


def outcome(folder: Path, reply: bytes, call: Call) -> tuple[str, int]:
    """The provider's error, empty if it accepts the reply, and how many requests it sent."""

    def handle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply)

    with serving(handle, folder) as (port, asked):
        try:
            call(client(port))
        except NexusError as error:
            return str(error), len(asked)
        return "", len(asked)


def is_one_line(message: str) -> bool:
    return 0 < len(message) < 2500 and "\n" not in message and "\x1b" not in message and SECRET not in message


def change_password(nexus: NexusClient) -> None:
    nexus.put_text("/v1/security/users/admin/change-password", SECRET)


def test_no_redirect_gets_the_new_password(tmp_path: Path, attempts: Attempts) -> None:
    def steal(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(b"{}"))

    (tmp_path / "thief").mkdir()
    with serving(steal, tmp_path / "thief", tls=False) as (port, stolen):
        places = [f"http://127.0.0.1:{port}/x", f"http://nexus.domain.org:{port}/", f"//127.0.0.1:{port}/x", "/again"]
        for status in REDIRECTS:
            for place in places:
                message, asked = outcome(tmp_path, answer(b"", status, f"Location: {place}"), change_password)
                attempts.held(f"{status} to {place}", is_one_line(message) and asked <= 2 and stolen == [])
    attempts.control(passed=outcome(tmp_path, answer(b"", "204 No Content"), change_password)[0] == "")


def test_every_hostile_answer_is_one_error_after_a_few_requests(tmp_path: Path, attempts: Attempts) -> None:
    bomb = gzip.compress(b"[" + b" " * attempts.of(100_000_000, 10_000_000) + b"]")
    replies: list[tuple[bytes, Call]] = [
        *((answer(body), lambda nexus: nexus.get("/v1/status")) for body in NO_JSON),
        *((answer(body), lambda nexus: fetched(nexus, "/v1/security/roles")) for body in NO_LIST),
        *((answer(body), lambda nexus: fetched(nexus, "/v1/tasks", "items")) for body in NO_END),
        (answer(bomb, "200 OK", "Content-Encoding: gzip"), lambda nexus: nexus.get("/v1/repositorySettings")),
        (answer(f"bad\r\n\x1b[31m{SECRET}".encode(), "400 Bad Request", kind="text/plain"), change_password),
    ]
    for reply, call in replies:
        message, asked = outcome(tmp_path, reply, call)
        attempts.held(repr(reply[:120]), is_one_line(message) and asked < 10)
    attempts.control(passed=outcome(tmp_path, answer(b"{}"), lambda nexus: nexus.get("/v1/status")) == ("", 1))
