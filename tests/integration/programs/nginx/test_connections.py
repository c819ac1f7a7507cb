"""The limit of connections for each address, and how a running store switches to it."""

import http.client
import re
import socket
import ssl
import threading

import pytest

from tests.integration.programs.nginx.sending import Serve, ask_from
from tests.integration.programs.nginx.server import Echo
from tests.unit.nginx.rendering import configuration


def test_one_address_cannot_take_all_connections(serve: Serve) -> None:
    nginx = serve({"rateLimit": {"clientConnections": 10}})
    held = [socket.create_connection(("127.0.0.1", nginx.ports[8443]), 10) for _ in range(10)]
    for connection in held:
        connection.sendall(b"\x16")
    with pytest.raises((ConnectionError, ssl.SSLError, http.client.HTTPException)):
        ask_from(nginx, "127.0.0.1")
    assert ask_from(nginx, "127.0.0.2").status == 200
    for connection in held:
        connection.close()


def test_a_trusted_load_balancer_has_no_limit_of_connections(serve: Serve) -> None:
    nginx = serve({"rateLimit": {"clientConnections": 10}, "trustedProxies": ["127.0.0.1"]})
    held = [socket.create_connection(("127.0.0.1", nginx.ports[8443]), 10) for _ in range(20)]
    assert ask_from(nginx, "127.0.0.1").status == 200
    for connection in held:
        connection.close()


def without_stream(text: str) -> str:
    """The configuration of older releases, which had no stream block that counts connections."""
    before, rest = text.split("\n# Counts a connection", 1)
    text = before + rest[rest.index("\nhttp {") :]
    return re.sub(r"listen unix:/tmp/(\d+)\.sock( ssl)?;", r"listen \1\2;\n        listen [::]:\1\2;", text)


def test_switching_to_counted_connections_and_back_loses_no_request(serve: Serve, nexus: dict[int, Echo]) -> None:
    text = configuration().text
    old = without_stream(text)
    assert "stream {" not in old
    assert "listen 8443 ssl" in old
    nginx, found, done = serve(), [], threading.Event()

    def go_on() -> None:
        while not done.is_set():
            found.append(nginx.ask("GET", "/v2/").status)

    asking = threading.Thread(target=go_on)
    asking.start()
    for wanted in (old, text):
        nginx.load(wanted, nexus)
    done.set()
    asking.join()
    assert set(found) == {200}
