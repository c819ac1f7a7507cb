"""Fakes an engine on a unix socket that the store cannot run on: engine.py SOCKET old|rootless|podman."""

import json
import os
import socketserver
import sys
from http.server import BaseHTTPRequestHandler
from typing import Any

KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "old": ({"Version": "19.03.15", "ApiVersion": "1.40"}, {"ServerVersion": "19.03.15"}),
    "rootless": (
        {"Version": "24.0.7", "ApiVersion": "1.43"},
        {"ServerVersion": "24.0.7", "SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless"]},
    ),
    "podman": (
        {"Version": "4.3.1", "ApiVersion": "1.41", "Components": [{"Name": "Podman Engine", "Version": "4.3.1"}]},
        {"ServerVersion": "4.3.1"},
    ),
}
COMMON = {"Os": "linux", "Arch": "amd64", "MinAPIVersion": "1.12"}
INFO = {
    "OSType": "linux",
    "Architecture": "x86_64",
    "NCPU": 2,
    "MemTotal": 8 << 30,
    "SecurityOptions": [],
    "Containers": 0,
}


class Engine(BaseHTTPRequestHandler):
    version: dict[str, Any] = {}  # noqa: RUF012 - both are set once, before it serves
    info: dict[str, Any] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        if self.path.endswith("/_ping"):
            self._answer(200, b"OK")
        elif self.path.endswith("/version"):
            self._answer(200, json.dumps({**COMMON, **self.version}).encode())
        elif self.path.endswith("/info"):
            self._answer(200, json.dumps({**INFO, **self.info}).encode())
        elif self.path.split("?")[0].endswith("/json"):
            self._answer(200, b"[]")
        else:
            self._answer(404, b'{"message": "page not found"}')

    do_HEAD = do_POST = do_GET

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Api-Version", self.version["ApiVersion"])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *_: object) -> None:
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


if __name__ == "__main__":
    path, kind = sys.argv[1:]
    Engine.version, Engine.info = KINDS[kind]
    server = Server(path, Engine)
    os.chmod(path, 0o666)
    print("listening", flush=True)
    server.serve_forever()
