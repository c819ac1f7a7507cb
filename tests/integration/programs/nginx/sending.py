"""Requests of hostile clients."""

import http.client
import socket
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress

from tests.integration.programs.nginx.server import Nginx, Reply

Serve = Callable[..., Nginx]


DIGEST = "sha256:" + "a" * 64


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def raw(nginx: Nginx, text: bytes, *, tls: bool = True, port: int = 8443, source: str = "127.0.0.1") -> bytes:
    """Sends bytes that no client library would send, and returns the whole answer."""
    connection = socket.create_connection(("127.0.0.1", nginx.ports[port]), 10, (source, 0))
    if tls:
        connection = nginx.tls.wrap_socket(connection, server_hostname="127.0.0.1")
    with connection:
        with suppress(OSError):  # nginx has closed the connection
            connection.sendall(text)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def ask_from(nginx: Nginx, source: str, path: str = "/service/rest/v1/status", **headers: str) -> Reply:
    connection = http.client.HTTPSConnection(
        "127.0.0.1", nginx.ports[8443], timeout=10, context=nginx.tls, source_address=(source, 0)
    )
    connection.request("GET", path, headers={"Host": "nexus.domain.org", **headers})
    response = connection.getresponse()
    return Reply(response.status, dict(response.getheaders()), response.read())
