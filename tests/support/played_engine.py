"""An engine as far as Docker's API has versions, for what negotiates one with it.

It stands for Docker Engine 29.0 to 29.2 if it demands 1.44, and for 20.10 if it offers 1.41. Looked up: moby's
daemon/server/middleware/version.go answers older and newer versions with these texts and 400, names its newest one in
the head of every answer, and takes a path without a version for the newest one.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer

from tests.support.serving import SilentHandler, serve, stop


class PlayedEngine(ThreadingMixIn, UnixStreamServer):
    """It has no container, network or volume."""

    daemon_threads = True

    def __init__(self, socket: Path, oldest: str, newest: str) -> None:
        super().__init__(str(socket), _Handler)
        self.oldest, self.newest = oldest, newest
        self.answers = {
            "/version": {"Version": "29.0.0", "ApiVersion": newest, "MinAPIVersion": oldest},
            "/info": {"ID": "played", "MemTotal": 16 << 30},
            "/containers/json": [],
            "/networks": [],
            "/volumes": {"Volumes": []},
        }
        self.asked: list[str] = []
        """The versions in the paths of requests."""


class _Handler(SilentHandler):
    server: PlayedEngine
    disable_nagle_algorithm = False  # a Unix socket has none

    def do_GET(self) -> None:
        version = re.match(r"/v([\d.]+)/", self.path)
        if version:
            self.server.asked.append(version[1])
            if _number(version[1]) < _number(self.server.oldest):
                words = f"client version {version[1]} is too old. Minimum supported API version is {self.server.oldest}"
                return self._answer(400, {"message": f"{words}, please upgrade your client to a newer version"})
            if _number(version[1]) > _number(self.server.newest):
                words = f"client version {version[1]} is too new. Maximum supported API version is {self.server.newest}"
                return self._answer(400, {"message": words})
        if self.path.endswith("/_ping"):
            return self._answer(200, "OK")
        path = re.sub(r"^/v[\d.]+|\?.*$", "", self.path)
        if path in self.server.answers:
            return self._answer(200, self.server.answers[path])
        return self._answer(404, {"message": "no such object"})

    do_HEAD = do_GET

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Api-Version", self.server.newest)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@contextmanager
def played_engine(socket: Path, oldest: str, newest: str) -> Iterator[PlayedEngine]:
    engine = PlayedEngine(socket, oldest, newest)
    serve(engine)
    try:
        yield engine
    finally:
        stop(engine)
