"""A registry on loopback: registry.py PORT STATUS answers every request with STATUS; registry.py PORT image serves one.

The image is team/image:1, with one incompressible layer of LAYER bytes.
"""

import gzip
import hashlib
import io
import json
import os
import sys
import tarfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LAYER = 120 << 20
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
ERRORS = {
    401: ("UNAUTHORIZED", "authentication required"),
    429: ("TOOMANYREQUESTS", "you have reached your pull rate limit"),
    500: ("UNKNOWN", "unknown error"),
}


def digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def image() -> tuple[bytes, dict[str, bytes]]:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("content")
        entry.size = LAYER
        archive.addfile(entry, io.BytesIO(os.urandom(LAYER)))
    tar = buffer.getvalue()
    layer = gzip.compress(tar, 1)
    config = json.dumps(
        {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [digest(tar)]}}
    ).encode()
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json",
            "size": len(config),
            "digest": digest(config),
        },
        "layers": [
            {
                "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                "size": len(layer),
                "digest": digest(layer),
            }
        ],
    }
    return json.dumps(manifest).encode(), {digest(config): config, digest(layer): layer}


class Registry(BaseHTTPRequestHandler):
    status = 0
    manifest = b""
    blobs: dict[str, bytes] = {}  # noqa: RUF012 - set once, before it serves

    def do_GET(self) -> None:
        if self.status:
            code, message = ERRORS[self.status]
            body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
            self._answer(self.status, "application/json", body)
        elif self.path == "/v2/":
            self._answer(200, "application/json", b"{}")
        elif "/manifests/" in self.path:
            self._answer(200, MANIFEST, self.manifest, {"Docker-Content-Digest": digest(self.manifest)})
        elif (blob := self.blobs.get(self.path.rsplit("/", 1)[1])) is not None:
            self._answer(200, "application/octet-stream", blob)
        else:
            self._answer(404, "application/json", b"{}")

    do_HEAD = do_GET

    def _answer(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="registry"')
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    port, answer = sys.argv[1:]
    if answer == "image":
        Registry.manifest, Registry.blobs = image()
    else:
        Registry.status = int(answer)
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Registry)
    print("listening", flush=True)
    server.serve_forever()
