"""The stand-in and Pulumi, built once; a server and a stack for each module that asks."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.provider.play import ROOT, Play

STAND_IN = ROOT / "lab" / "images" / "nexus-stand-in"


@pytest.fixture(scope="session")
def toolchain() -> Path:
    built = subprocess.run([ROOT / "lab" / "toolchain" / "build"], capture_output=True, text=True, check=True)
    return Path(built.stdout.strip())


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    binary = tmp_path_factory.mktemp("stand-in") / "nexus-stand-in"
    subprocess.run(
        ["go", "build", "-o", binary, "."],
        cwd=STAND_IN,
        env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false"},
        check=True,
    )
    return binary


@pytest.fixture(scope="module")
def play(stand_in: Path, toolchain: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with Play(tmp_path_factory.mktemp("play"), stand_in, toolchain) as made:
        yield made


@pytest.fixture(scope="module")
def playing(stand_in: Path, toolchain: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Play]:
    """A server of another generation or with other options, to be entered."""
    return lambda *which: Play(tmp_path_factory.mktemp("play"), stand_in, toolchain, *which)
