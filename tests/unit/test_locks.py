"""All installed packages are locked with hashes: direct pins and their dependencies."""

import re
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tools.lock_requirements import ALL, DEVELOPMENT, ROOT, STORE, UV, lock_of

LOCKED = pytest.mark.parametrize("sources", ALL, ids=lock_of)

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)(.*)$", re.MULTILINE)
BROUGHT_BY_PYTHON = {"pip", "setuptools"}


def name_of(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def pins(path: Path) -> dict[str, str]:
    """The versions by package, also from included files."""
    text = path.read_text()
    found = {name_of(name): version for name, version, _ in PIN.findall(text)}
    for included in re.findall(r"^-r (\S+)$", text, re.MULTILINE):
        found |= pins(path.parent / included)
    return found


def locked(sources: Sequence[str]) -> dict[str, str]:
    return pins(ROOT / lock_of(sources))


def test_every_requirements_file_has_a_lock() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.glob("**/*.txt")
        if not {".venv", "build"} & set(path.relative_to(ROOT).parts) and PIN.search(path.read_text(errors="replace"))
    }
    assert found == {source for sources in ALL for source in sources}


@LOCKED
def test_the_lock_contains_the_direct_pins(sources: Sequence[str]) -> None:
    direct = {name: version for source in sources for name, version in pins(ROOT / source).items()}
    assert direct
    assert direct.items() <= locked(sources).items(), f"{lock_of(sources)} is older than the pins. Fix: make lock"


@LOCKED
def test_a_direct_dependency_is_pinned_to_one_version(sources: Sequence[str]) -> None:
    lines = [line.split("#")[0].strip() for source in sources for line in (ROOT / source).read_text().splitlines()]
    assert [line for line in lines if line and not line.startswith("-r ") and not PIN.match(line)] == []


@LOCKED
def test_every_locked_package_has_a_hash(sources: Sequence[str]) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock_of(sources)).read_text(), flags=re.MULTILINE)
    entries = [entry for entry in entries if entry.strip()]
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) == len(locked(sources))


@pytest.mark.parametrize("sources", [STORE, UV], ids=lock_of)
def test_one_environment_has_one_version_of_a_package(sources: Sequence[str]) -> None:
    assert locked(sources).items() <= locked(DEVELOPMENT).items()


def test_only_locked_packages_are_installed() -> None:
    installed = {name_of(each.metadata["Name"]): each.version for each in distributions()}
    wanted = locked(DEVELOPMENT)
    floating = {name: version for name, version in installed.items() if wanted.get(name) != version}
    assert floating.keys() <= BROUGHT_BY_PYTHON, f"{floating} are not those of the lock. Fix: rm -r .venv; make dev"
