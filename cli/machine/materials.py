"""What a program or an image was built from: Go modules, Debian packages, wheels and our own sources, with hashes."""

import base64
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from cli.files import sha256
from cli.paths import ROOT

_DEVELOPMENT = "(devel)"
_REPLACED = re.compile(r"^(?:replace)?\s*(\S+)(?: v\S+)? => (\S+) (v\S+)$", re.MULTILINE)
_STANZA = re.compile(r"^(Package|Version|Architecture|SHA256): (\S+)$", re.MULTILINE)
_LOCKED = re.compile(r"^([\w.-]+)==([^\s;\\]+)((?:.*\\\n)*.*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Material:
    """A component with its package URL, or a file of ours without one."""

    name: str
    version: str = ""
    purl: str = ""
    hashes: tuple[str, ...] = ()
    """Each in hexadecimal. Several are those that a lock allows, and the build took a file with one of them."""
    algorithm: str = "sha256"
    """`dirHash` is that of Go modules."""


def purl(kind: str, name: str, version: str, **qualifiers: str) -> str:
    """A package URL (https://github.com/package-url/purl-spec)."""
    exact = f"@{quote(version, safe=':')}" if version else ""
    rest = "&".join(f"{key}={quote(value)}" for key, value in qualifiers.items())
    return f"pkg:{kind}/{quote(name)}{exact}" + (f"?{rest}" if rest else "")


def go_modules(output: str, module: Path) -> list[Material]:
    """Those of programs built in the folder `module`, from what `go version -m` says of them, with Go's own library.

    The hash of a module that the build has patched is in go.sum only, as Go does not know it as the same one any more.
    """
    replaced = {old: (new, version) for old, new, version in _REPLACED.findall(_text(module / "go.mod"))}
    sums = {tuple(words[:2]): words[2] for line in _text(module / "go.sum").splitlines() if (words := line.split())}
    found = [Material("stdlib", each, purl("golang", "stdlib", each)) for each in re.findall(r": go(\d[\w.]*)", output)]
    for path, version, h1 in modules_in(output):
        name, exact = (path, version) if h1 else replaced.get(path, (path, version))
        known = h1 or sums.get((name, exact), "")
        hashes = (h1_in_hexadecimal(known),) if known else ()
        found.append(Material(name, exact, purl("golang", name, exact), hashes, "dirHash"))
    return sorted(set(found), key=lambda each: each.purl)


def modules_in(output: str) -> Iterator[tuple[str, str, str]]:
    """Path, version and sum of each module; of a replaced one, those of its replacement."""
    lines = [line.strip().split("\t") for line in output.splitlines()]
    for line, after in pairwise([*lines, [""]]):
        if line[0] not in ("mod", "dep"):
            continue
        replaced = after[0] == "=>" and after[2:3] != [_DEVELOPMENT]
        _, path, version, *sums = after if replaced else line
        yield path, "" if version == _DEVELOPMENT else version, sums[0] if sums else ""


def h1_in_hexadecimal(h1: str) -> str:
    return base64.b64decode(h1.removeprefix("h1:")).hex()


def debian_packages(root_file_system: Path) -> list[Material]:
    """What dpkg has installed in the archive, with the hash of each .deb whose version apt knows here."""
    with tarfile.open(root_file_system) as tar:
        status = tar.extractfile("./var/lib/dpkg/status")
        installed = _stanzas(status.read().decode() if status else "")
    names = [f"{each['Package']}:{each['Architecture']}={each['Version']}" for each in installed]
    known = {_identity(each): each["SHA256"] for each in _stanzas(_known_to_apt(names)) if "SHA256" in each}
    return [_debian_package(*_identity(each), known.get(_identity(each))) for each in installed]


def _debian_package(name: str, version: str, architecture: str, digest: str | None) -> Material:
    address = purl("deb", f"debian/{name}", version, arch=architecture)
    return Material(name, version, address, (digest,) if digest else ())


def _stanzas(text: str) -> list[dict[str, str]]:
    return [found for stanza in text.split("\n\n") if len(found := dict(_STANZA.findall(stanza))) >= 3]


def _identity(stanza: Mapping[str, str]) -> tuple[str, str, str]:
    return stanza["Package"], stanza["Version"], stanza["Architecture"]


def _known_to_apt(names: Sequence[str]) -> str:
    try:
        return subprocess.run(["apt-cache", "show", *names], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""


def wheels(lock: Path) -> list[Material]:
    """The packages of a lock of pip's."""
    return [
        Material(name, version, purl("pypi", name, version), tuple(_HASH.findall(hashes)))
        for name, version, hashes in _LOCKED.findall(_text(lock))
    ]


def files(paths: Iterable[Path]) -> list[Material]:
    """Our sources, by their path in this repository."""
    named = {str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path): path for path in paths}
    return [Material(name, hashes=(sha256(path),)) for name, path in sorted(named.items())]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""
