"""This machine's engine behind a socket that accepts no version of Docker's API below 1.44.

It stands for Docker Engine 29.0 to 29.2, as `played_engine` describes it, in front of an older dockerd that knows 1.41:
what the newer versions of the API changed does not show, only who still speaks an older one.
"""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingMixIn, UnixStreamServer

from tests.support.serving import serve, stop

OLDEST, NEWEST = 44, "1.51"
_DOCKERD = "/var/run/docker.sock"
_VERSION = re.compile(rb"^(\w+ )/v1\.(\d+)/")
_REFUSAL = "client version 1.{} is too old. Minimum supported API version is 1.44, please upgrade your client"


class _Engine(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    refused: list[str]


class _Connection(BaseRequestHandler):
    server: _Engine

    def handle(self) -> None:
        head, rest = _head(self.request)
        version = _VERSION.match(head)
        if version and int(version[2]) < OLDEST:
            self.server.refused.append(head.split(b"\r\n")[0].decode())
            body = json.dumps({"message": f"{_REFUSAL.format(version[2].decode())} to a newer version"})
            answer = f"HTTP/1.1 400 Bad Request\r\nApi-Version: {NEWEST}\r\nContent-Type: application/json\r\n"
            self.request.sendall(f"{answer}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
            return
        with socket.socket(socket.AF_UNIX) as dockerd:
            dockerd.connect(_DOCKERD)
            dockerd.sendall(_once(_VERSION.sub(rb"\1/v1.41/", head)) + rest)
            threading.Thread(target=_copy, args=(self.request, dockerd), daemon=True).start()
            answer_head, answer_rest = _head(dockerd)
            renamed = re.sub(rb"(?i)(\r\nApi-Version: )[\d.]+", rb"\g<1>" + NEWEST.encode(), answer_head)
            with suppress(OSError):
                self.request.sendall(renamed + answer_rest)
            _copy(dockerd, self.request)


def _once(head: bytes) -> bytes:
    """The head of a request after which the connection ends, unless it becomes a stream, as with `docker exec`."""
    if re.search(rb"(?i)\r\nUpgrade:", head):
        return head
    return (
        re.sub(rb"(?i)\r\nConnection: [^\r]*", b"", head).removesuffix(b"\r\n\r\n") + b"\r\nConnection: close\r\n\r\n"
    )


def _head(source: socket.socket) -> tuple[bytes, bytes]:
    read = b""
    while b"\r\n\r\n" not in read:
        chunk = source.recv(65536)
        if not chunk:
            return read, b""
        read += chunk
    head, _, rest = read.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", rest


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def newer_engine(path: Path) -> Iterator[list[str]]:
    """Yields the requests that were refused."""
    engine = _Engine(str(path), _Connection)
    engine.refused = []
    serve(engine)
    try:
        yield engine.refused
    finally:
        stop(engine)
        path.unlink()
