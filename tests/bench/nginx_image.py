"""An image of one incompressible layer."""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SIZE = 1_000_000_000
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
# A layer is a tar file; docker detects whether it is compressed.
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"

Curl = Callable[..., str]
"""Runs curl with a path of the registry and options, and returns its output."""


@dataclass(frozen=True)
class Image:
    layer: Path
    layer_digest: str
    manifest: Path
    config: Path

    @property
    def digest(self) -> str:
        return _digest(self.manifest)

    def complete(self, curl: Curl) -> None:
        """Completes the uploaded layer to an image."""
        send = ["--request", "PUT", "--data-binary"]
        binary = ["--header", "Content-Type: application/octet-stream"]
        curl(f"{upload(curl)}&digest={_digest(self.config)}", *send, f"@{self.config}", *binary)
        curl("/v2/bench/manifests/latest", *send, f"@{self.manifest}", "--header", f"Content-Type: {_MANIFEST}")


def upload(curl: Curl) -> str:
    """Starts an upload and returns its path with a query."""
    begin = ["--request", "POST", "--include", "--header", "Content-Length: 0"]
    headers = curl("/v2/bench/blobs/uploads/", *begin)
    location = re.search(r"(?im)^location: https?://[^/]*(\S+)", headers)
    assert location, headers
    return location[1]


def image(folder: Path) -> Image:
    layer, config, manifest = folder / "layer", folder / "config", folder / "manifest"
    content = folder / "content"
    with content.open("wb") as file:
        for _ in range(SIZE // 1_000_000):
            file.write(os.urandom(1_000_000))
    with tarfile.open(layer, "w") as archive:
        archive.add(content, "content")
    content.unlink()
    digest = _digest(layer)
    rootfs = {"type": "layers", "diff_ids": [digest]}
    config.write_text(json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs}))
    described = {"mediaType": _LAYER, "digest": digest, "size": layer.stat().st_size}
    of_config = {"mediaType": _CONFIG, "digest": _digest(config), "size": config.stat().st_size}
    manifest.write_text(
        json.dumps({"schemaVersion": 2, "mediaType": _MANIFEST, "config": of_config, "layers": [described]})
    )
    return Image(layer, digest, manifest, config)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
