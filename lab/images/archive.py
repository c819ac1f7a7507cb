"""Images as `docker load` reads them: a root file system, and a layer with the program on top."""

import hashlib
import json
import os
import platform
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def write_archive(
    archive: Path, reference: str, root_file_system: Path, program: Path, config: Mapping[str, Any]
) -> None:
    """Writes the archive of an image; the same files give the same image, and an engine keeps layers it has already."""
    layer = archive.with_suffix(".layer")
    with tarfile.open(layer, "w") as tar:
        tar.add(program, ".", filter=_everybodys)
    layers = {"rootfs.tar": root_file_system, "program.tar": layer}
    machine = platform.machine()
    image = {
        "architecture": _ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "config": {"Env": [PATH], **config},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{_sha256(path)}" for path in layers.values()]},
    }
    manifest = [{"Config": "config.json", "RepoTags": [reference], "Layers": list(layers)}]
    documents = archive.with_suffix(".json")
    with tarfile.open(archive, "w") as tar:
        for name, path in layers.items():
            tar.add(path, name)
        for name, document in (("config.json", image), ("manifest.json", manifest)):
            documents.write_text(json.dumps(document))
            tar.add(documents, name)
    documents.unlink()
    layer.unlink()


def _everybodys(file: tarfile.TarInfo) -> tarfile.TarInfo:
    """Root's, readable for everybody, of no time."""
    file.uid = file.gid = file.mtime = 0
    file.uname = file.gname = ""
    file.mode = 0o755 if file.isdir() or file.mode & 0o111 else 0o644
    return file


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def files_of(folder: Path) -> list[Path]:
    """What of a folder of sources goes into a program or an image."""
    return [
        Path(place) / name
        for place, _, names in os.walk(folder)
        for name in names
        if not name.endswith(("_test.go", ".md"))
    ]
