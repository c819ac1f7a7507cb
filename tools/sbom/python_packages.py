"""The packages of the lock files, with the hashes that pip checks and the licences that they state."""

import re
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License
from packageurl import PackageURL

from tools.lock_requirements import ALL, STORE, lock_of
from tools.sbom.licences import licences

_ROOT = Path(__file__).parents[2]
_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_CLASSIFIER = "License :: "


@dataclass(frozen=True)
class Locked:
    """One version of a package, and the locks that have it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    locks: tuple[str, ...]


def locked() -> list[Locked]:
    """All packages of all locks."""
    hashes: dict[tuple[str, str], tuple[str, ...]] = {}
    locks: dict[tuple[str, str], list[str]] = {}
    for lock in map(lock_of, ALL):
        for entry in re.split(r"^(?=[A-Za-z0-9])", (_ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE):
            if found := _ENTRY.match(entry):
                key = re.sub(r"[-_.]+", "-", found[1]).lower(), found[2]
                hashes[key] = tuple(sorted({*hashes.get(key, ()), *_HASH.findall(entry)}))
                locks.setdefault(key, []).append(lock)
    return [Locked(*key, hashes[key], tuple(locks[key])) for key in sorted(locks)]


def python_packages() -> list[Component]:
    """The packages of the store's own lock are required; the others build or test it."""
    return [_component(package) for package in locked()]


def _component(package: Locked) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.REQUIRED if lock_of(STORE) in package.locks else ComponentScope.EXCLUDED,
        purl=purl,
        bom_ref=purl.to_string(),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.hashes],
        licenses=_stated(package),
        properties=[Property(name="repository-store:lock", value=lock) for lock in package.locks],
    )


def _stated(package: Locked) -> list[License]:
    """From the metadata of the package, if this environment has that version."""
    try:
        found = metadata(package.name)
    except PackageNotFoundError:
        return []
    return licences(*licence_names(found)) if found["Version"] == package.version else []


def licence_names(found: PackageMetadata) -> list[str]:
    """The SPDX expression, or else the short name, or else the classifiers."""
    classifiers = [line for line in found.get_all("Classifier") or [] if line.startswith(_CLASSIFIER)]
    for field in ("License-Expression", "License"):
        stated = (found.get_all(field) or [""])[0].strip()
        if stated and stated != "UNKNOWN" and "\n" not in stated:
            return [stated]
    return [line.rpartition(" :: ")[2] for line in classifiers]
