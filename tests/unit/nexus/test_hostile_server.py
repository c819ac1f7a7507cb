"""For every hostile answer, the provider soon fails with one line, and sends its password nowhere else."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nexus.errors import AnswerLost, NexusError, Unreadable
from nexus.http import transport
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from nexus.http.listing import fetched
from tests.authority import Request

HOSTNAME, SECRET = "nexus.domain.org", "the-new-password"
CA = Request("The CA", ()).issued_by(None)
LEAF = Request("Store", (HOSTNAME,)).issued_by(CA)
Handler = Callable[[socket.socket, bytes], None]
# Also used by `make attack`.
REDIRECTS = ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
NO_JSON = [b"{", b"[" * 100_000, b"\xff\xfe", b'{"a": \x1b[31m', b"[1, 2", b"NaN{" + b"x" * 100_000]
NO_LIST = [b'"text"', b"7", b"[1]", b'[["a"]]']
NO_END = [b'{"items": [], "continuationToken": "again"}', b'{"items": [], "page": 0, "totalPages": 9999999}']


def answer(body: bytes = b"", status: str = "200 OK", *headers: str, kind: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", f"Content-Type: {kind}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@contextmanager
def serving(handle: Handler, folder: Path, tls: bool = True) -> Iterator[tuple[int, list[bytes]]]:
    """Runs a server on loopback that handles each request with a function; yields its port and the requests."""
    pem = folder / "server.pem"
    pem.write_text(LEAF.pem + LEAF.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    asked: list[bytes] = []

    def connected(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) if tls else connection as spoken:
                while request := spoken.recv(65536):
                    asked.append(request)
                    handle(spoken, request)
        except OSError:
            return

    def accepting() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=connected, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accepting)
        thread.start()
        yield listener.getsockname()[1], asked
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def client(port: int) -> NexusClient:
    url = f"https://{HOSTNAME}:{port}"
    return NexusClient(Connection(url=url, password=SECRET, address="127.0.0.1", ca_pem=CA.pem))


def message(error: pytest.ExceptionInfo[NexusError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert "\x1b" not in text
    assert SECRET not in text
    assert len(text) < 2500
    return text


@pytest.mark.parametrize("status", REDIRECTS)
def test_a_redirect_sends_no_password_to_another_server(status: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()

    def other(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(b"{}"))

    with serving(other, tmp_path / "other", tls=False) as (plain, stolen):

        def redirect(connection: socket.socket, _: bytes) -> None:
            connection.sendall(answer(b"", status, f"Location: http://127.0.0.1:{plain}/x?token=1"))

        with serving(redirect, tmp_path) as (port, asked), pytest.raises(Unreadable) as refused:
            client(port).put_text("/v1/security/users/admin/change-password", SECRET)
    assert "redirects to http://127.0.0.1/x, not followed" in message(refused)
    assert stolen == []
    assert len(asked) <= 2  # head and body


def test_a_redirect_to_itself_is_requested_once(tmp_path: Path) -> None:
    def redirect(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(b"", "302 Found", "Location: /service/rest/v1/status"))

    with serving(redirect, tmp_path) as (port, asked), pytest.raises(Unreadable) as refused:
        client(port).get("/v1/status")
    assert "redirects to /service/rest/v1/status" in message(refused)
    assert len(asked) == 1


def test_an_endless_answer_is_aborted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST", 1024 * 1024)

    def endless(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)

    with serving(endless, tmp_path) as (port, _), pytest.raises(Unreadable, match="larger than 1 MiB") as refused:
        client(port).get("/v1/repositorySettings")
    message(refused)


def test_endless_headers_are_aborted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST", 1024 * 1024)

    def endless(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: " + b"x" * 1024 + b"\r\n")

    with serving(endless, tmp_path) as (port, _), pytest.raises(NexusError) as refused:
        client(port).get("/v1/status")
    message(refused)


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable"])
def test_an_endless_error_page_is_aborted(status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST", 1024 * 1024)

    def endless(connection: socket.socket, _: bytes) -> None:
        connection.sendall(f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        while True:
            connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    with serving(endless, tmp_path) as (port, _), pytest.raises(NexusError) as refused:
        client(port).put("/v1/email", {})
    message(refused)


def test_a_slow_trickle_of_bytes_is_aborted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 1.0)

    def dripping(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nContent-Type: application/json\r\n\r\n")
        for _second in range(600):
            connection.sendall(b" ")
            time.sleep(0.1)

    with serving(dripping, tmp_path) as (port, _), pytest.raises(AnswerLost) as refused:
        client(port).post("/v1/security/roles", {})
    message(refused)


def test_a_compressed_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(b"[" + b" " * 100_000_000 + b"]")

    def bombing(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(bomb, "200 OK", "Content-Encoding: gzip"))

    with serving(bombing, tmp_path) as (port, asked), pytest.raises(Unreadable, match="compressed") as refused:
        client(port).get("/v1/repositorySettings")
    message(refused)
    assert b"Accept-Encoding: identity" in asked[0]


@pytest.mark.parametrize("body", NO_JSON)
def test_invalid_json_is_one_line(body: bytes, tmp_path: Path) -> None:
    def broken(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(body))

    with (
        serving(broken, tmp_path) as (port, _),
        pytest.raises(Unreadable, match="claims to be JSON but is not") as no,
    ):
        client(port).get("/v1/status")
    assert len(message(no)) < 200


def test_an_html_page_is_refused(tmp_path: Path) -> None:
    def page(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(b"<html>Sign in</html>", kind="text/html"))

    with serving(page, tmp_path) as (port, _), pytest.raises(Unreadable, match="an HTML page") as refused:
        client(port).get("/v1/security/realms/active")
    message(refused)


@pytest.mark.parametrize("body", [*NO_LIST, b"{}"])
def test_a_list_of_wrong_items_is_refused(body: bytes, tmp_path: Path) -> None:
    def other(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(body))

    with serving(other, tmp_path) as (port, _):
        if body == b"{}":
            assert fetched(client(port), "/v1/security/roles") == []
            return
        with pytest.raises(Unreadable, match="not a list of objects") as refused:
            fetched(client(port), "/v1/security/roles")
    message(refused)


@pytest.mark.parametrize("body", NO_END, ids=["the same token", "the same page"])
def test_an_endless_list_is_aborted(body: bytes, tmp_path: Path) -> None:
    def again(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(body))

    with serving(again, tmp_path) as (port, asked), pytest.raises(Unreadable, match="the list has no end") as refused:
        fetched(client(port), "/v1/tasks", "items")
    message(refused)
    assert len(asked) < 10


def test_endless_pages_are_aborted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nexus.http.listing._PAGES", 20)
    count = iter(range(10_000))

    def more(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(b'{"items": [], "continuationToken": "%d"}' % next(count)))

    with serving(more, tmp_path) as (port, _), pytest.raises(Unreadable, match="after 20 pages") as refused:
        fetched(client(port), "/v1/tasks", "items")
    message(refused)


def test_a_servers_error_message_is_one_line_without_our_password(tmp_path: Path) -> None:
    def echoing(connection: socket.socket, _: bytes) -> None:
        connection.sendall(answer(f"bad\r\nvalue \x1b[31m{SECRET}".encode(), "400 Bad Request", kind="text/plain"))

    with serving(echoing, tmp_path) as (port, _), pytest.raises(NexusError) as refused:
        client(port).put_text("/v1/security/users/admin/change-password", SECRET)
    assert "bad value" in message(refused)
