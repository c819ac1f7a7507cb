"""A man in the middle is refused before the provider sends a request with the password."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nexus.errors import Untrusted
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from tests.authority import Issued, Request

HOSTNAME = "nexus.domain.org"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def request(name: str = "Store", host: str | None = HOSTNAME, since: timedelta = -DAY) -> Request:
    return Request(name, (host,) if host else (), begin=NOW + since, end=NOW + since + 2 * DAY)


CA = request("The CA", None).issued_by(None)
SAME_NAME = request("The CA", None).issued_by(None)
FALSE = {
    "another CA of the same name": (request().issued_by(SAME_NAME), "unable to get local issuer certificate"),
    "a leaf that signed itself": (request().issued_by(None), "self-signed certificate"),
    "the right CA for another host": (
        request(host="other.domain.org").issued_by(CA),
        "match 'other.domain.org'",
    ),
    "an expired certificate": (request(since=-3 * DAY).issued_by(CA), "certificate has expired"),
    "one that is not valid yet": (request(since=DAY).issued_by(CA), "not yet valid"),
}


@contextmanager
def server(issued: Issued, folder: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Runs a server on loopback with the certificate; yields its port and the data that it could read."""
    pem = folder / "server.pem"
    pem.write_text(issued.pem + issued.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    read: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as tls:
                        read.append(tls.recv(65536))
                        tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                except OSError:
                    read.append(b"")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], read
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def ask(port: int, ca: str = CA.pem) -> None:
    url = f"https://{HOSTNAME}:{port}"
    NexusClient(Connection(url=url, password="the-secret", address="127.0.0.1", ca_pem=ca)).get("/v1/status")


@pytest.mark.parametrize("case", FALSE)
def test_a_false_server_is_refused_and_reads_nothing(case: str, tmp_path: Path) -> None:
    issued, reason = FALSE[case]
    with server(issued, tmp_path) as (port, read), pytest.raises(Untrusted) as refused:
        ask(port)
    assert f":{port} (at 127.0.0.1): its certificate is not trusted" in str(refused.value)
    assert reason.lower() in str(refused.value).lower()
    assert set(read) == {b""}


def test_a_private_ca_is_not_trusted_if_public_ones_are_configured(tmp_path: Path) -> None:
    with (
        server(request().issued_by(CA), tmp_path) as (port, read),
        pytest.raises(Untrusted, match="is not trusted"),
    ):
        ask(port, ca="")
    assert set(read) == {b""}


def test_the_right_server_is_accepted(tmp_path: Path) -> None:
    with server(request().issued_by(CA), tmp_path) as (port, read):
        ask(port)
    assert read[0].startswith(b"GET /service/rest/v1/status")
