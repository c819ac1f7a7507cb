"""An attacker's server on loopback, which has every name in every format."""

import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.serving import SilentHandler, serve, stop

EVIL = b"evil"
VERSION = "99.0.0"
"""Higher than any version in the store, so that a client takes it if it is offered both."""
_MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": f"sha256:{hashlib.sha256(EVIL).hexdigest()}",
            "size": len(EVIL),
        },
        "layers": [],
    }
).encode()
_METADATA = f"<metadata><versioning><versions><version>{VERSION}</version></versions></versioning></metadata>".encode()


class Upstream:
    """Records the requested paths."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        serve(self._server)

    def stop(self) -> None:
        stop(self._server)


def _handler(upstream: Upstream) -> type[BaseHTTPRequestHandler]:
    class Handler(SilentHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            upstream.paths.append(self.path)
            kind, body = _answer(self.path, upstream.url)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if "/manifests/" in self.path:
                self.send_header("Docker-Content-Digest", f"sha256:{hashlib.sha256(_MANIFEST).hexdigest()}")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

    return Handler


def _answer(path: str, url: str) -> tuple[str, bytes]:
    if "/manifests/" in path:
        return "application/vnd.oci.image.manifest.v1+json", _MANIFEST
    if path.endswith("/tags/list"):
        return "application/json", json.dumps({"name": path.split("/", 2)[2], "tags": [VERSION]}).encode()
    if path.endswith("maven-metadata.xml"):
        return "application/xml", _METADATA
    if path.startswith("/simple/"):
        link = f"../../packages/{VERSION}.tar.gz#sha256={hashlib.sha256(EVIL).hexdigest()}"
        return "text/html", f'<a href="{link}">{path.split("/")[2]}-{VERSION}.tar.gz</a>'.encode()
    if path.startswith("/npm/") and "/-/" not in path:
        return "application/json", _package(path.removeprefix("/npm/").replace("%2f", "/"), url)
    return "application/octet-stream", EVIL


def _package(name: str, url: str) -> bytes:
    dist = {"tarball": f"{url}/npm/{name}/-/x-{VERSION}.tgz", "shasum": hashlib.sha1(EVIL).hexdigest()}
    version = {"name": name, "version": VERSION, "dist": dist}
    return json.dumps({"name": name, "dist-tags": {"latest": VERSION}, "versions": {VERSION: version}}).encode()
