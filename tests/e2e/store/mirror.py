"""Static sites like the public ones for yum, npm, PyPI, apt and plain files, each with one package of its own."""

import hashlib
import json
import subprocess
from pathlib import Path

from tests.e2e.store.store import run
from tests.support.real_clients import apt, dnf, npm, python

NAME = "upstream-tool"
HOST = "http://mirror:8080"


def make_mirror(root: Path, work: Path, key: apt.Key) -> Path:
    """Fills a folder for a web server at the address above."""
    _yum(root / "yum")
    _npm(root / "npm", work)
    _pypi(root / "pypi")
    _apt(root / "apt", work, key)
    (root / "raw").mkdir()
    (root / "raw" / "upstream.txt").write_text("from upstream")
    return root


def _yum(root: Path) -> None:
    dnf.package(NAME, root)
    run(["createrepo_c", "--quiet", str(root)])


def _npm(root: Path, work: Path) -> None:
    """A package's document is the index of its folder."""
    archives = root / NAME / "-"
    archives.mkdir(parents=True)
    source = npm.source(work / "npm", NAME)
    run(["npm", "pack", "--silent", "--pack-destination", str(archives)], cwd=source)
    archive = archives / f"{NAME}-1.0.0.tgz"
    dist = {
        "tarball": f"{HOST}/npm/{NAME}/-/{archive.name}",
        "shasum": hashlib.sha1(archive.read_bytes()).hexdigest(),
    }
    version = {**json.loads((source / "package.json").read_text()), "dist": dist}
    document = {"name": NAME, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
    (root / NAME / "index.html").write_text(json.dumps(document))


def _pypi(root: Path) -> None:
    """A simple index, with the file outside of it."""
    file = python.wheel(root / "files", NAME.replace("-", "_"))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    page = root / "simple" / NAME
    page.mkdir(parents=True)
    link = f'<a href="../../files/{file.name}#sha256={digest}">{file.name}</a>'
    (page / "index.html").write_text(f"<!DOCTYPE html><html><body>{link}</body></html>")


def _apt(root: Path, work: Path, key: apt.Key) -> None:
    """A signed repository of one distribution."""
    pool, binaries = root / "pool", root / "dists" / "stable" / "main" / "binary-amd64"
    pool.mkdir(parents=True)
    binaries.mkdir(parents=True)
    package = apt.package(NAME, work)
    content = package.read_bytes()
    (pool / package.name).write_bytes(content)
    control = (work / NAME / "DEBIAN" / "control").read_text()
    digest = hashlib.sha256(content).hexdigest()
    entry = f"{control}Filename: pool/{package.name}\nSize: {len(content)}\nSHA256: {digest}\n"
    (binaries / "Packages").write_text(entry)
    listed = f" {hashlib.sha256(entry.encode()).hexdigest()} {len(entry)} main/binary-amd64/Packages\n"
    release = f"Suite: stable\nCodename: stable\nArchitectures: amd64\nComponents: main\nSHA256:\n{listed}"
    (root / "dists" / "stable" / "Release").write_text(release)
    command = [str(word) for word in apt.gpg(key.home)]
    command += ["--clearsign", "--output", str(root / "dists" / "stable" / "InRelease")]
    subprocess.run(command, input=release, text=True, check=True, capture_output=True)
