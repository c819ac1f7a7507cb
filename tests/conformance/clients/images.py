"""The smallest possible images, written as OCI layouts."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from secrets import token_bytes
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def layout(folder: Path, content: str, architectures: Sequence[str] = ("amd64",), size: int = 0) -> Path:
    """Writes an OCI layout with one image tagged `1`; for several architectures it is an index.

    Its layer contains the content and `size` random bytes.
    """
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    manifests = [_image(blobs, f"{content} for {architecture}", architecture, size) for architecture in architectures]
    top = manifests[0] if len(manifests) == 1 else _index(blobs, manifests)
    named = {**top, "annotations": {"org.opencontainers.image.ref.name": "1"}}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return folder


def _image(blobs: Path, content: str, architecture: str, size: int) -> dict[str, Any]:
    layer = _tar(content.encode() + token_bytes(size))
    config = {
        "architecture": architecture,
        "os": "linux",
        "config": {"Labels": {"content": content}},
        "rootfs": {"type": "layers", "diff_ids": [digest(layer)]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": _keep(blobs, json.dumps(config).encode(), _CONFIG),
        "layers": [_keep(blobs, gzip.compress(layer, mtime=0), _LAYER)],
    }
    platform = {"platform": {"architecture": architecture, "os": "linux"}}
    return _keep(blobs, json.dumps(manifest).encode(), MANIFEST) | platform


def _index(blobs: Path, manifests: list[dict[str, Any]]) -> dict[str, Any]:
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
    return _keep(blobs, json.dumps(index).encode(), INDEX)


def _keep(blobs: Path, content: bytes, media_type: str) -> dict[str, Any]:
    (blobs / digest(content).removeprefix("sha256:")).write_bytes(content)
    return {"mediaType": media_type, "digest": digest(content), "size": len(content)}


def _tar(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
