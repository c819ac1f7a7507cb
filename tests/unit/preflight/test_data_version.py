"""An image older than the last one that ran on the data volume is refused."""

from pathlib import Path

import pytest

from preflight.data_version import downgrade
from tests.support.played_docker import play_docker

DOCKER = """#!/bin/sh
case "$*" in
"$(cat "$FOLDER/silent")"*) exit 1 ;;
"container ls "*) [ ! -s "$FOLDER/container" ] || echo nexus ;;
"volume ls "*) echo nexus-data ;;
"container inspect "*) cat "$FOLDER/container" ;;
"image inspect "*) cat "$FOLDER/image" ;;
"exec "*) cat "$FOLDER/version" ;;
"run "*) echo "$@" >"$FOLDER/ran"; cat "$FOLDER/version" ;;
esac
"""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    play_docker(monkeypatch, tmp_path, DOCKER)
    (tmp_path / "container").write_text("sha256:old true\n")
    (tmp_path / "image").write_text("sha256:new\n")
    (tmp_path / "silent").write_text("nothing")
    (tmp_path / "version").write_text("3.95.2\n")
    return tmp_path


def refused(version: str, image: str = "sonatype/nexus3:x") -> str:
    return str(downgrade({}, "nexus", "nexus-data", image, version) or "")


@pytest.mark.parametrize("version", ["3.60.0", "3.95.1", "3.94", "2.15.1"])
def test_an_older_image_is_refused_with_the_version_of_the_data(docker: Path, version: str) -> None:
    assert refused(version).startswith(
        "nexus.image: is older than Nexus 3.95.2, which last ran on the data volume (got 'sonatype/nexus3:x'; "
    )
    assert f"a snapshot of {version}" in refused(version)


@pytest.mark.parametrize("version", ["3.95.2", "3.95", "3.95.2.1", "3.100.0", "4.0.0", ""])
def test_a_newer_or_unknown_image_is_accepted(docker: Path, version: str) -> None:
    assert refused(version) == ""


def test_the_version_is_read_from_the_volume_without_a_running_container(docker: Path) -> None:
    (docker / "container").write_text("sha256:old false\n")
    assert refused("3.60.0")
    assert "sha256:old" in (docker / "ran").read_text().split()
    (docker / "container").write_text("")
    assert refused("3.60.0")
    assert "sha256:new" in (docker / "ran").read_text().split()


def test_the_running_image_is_not_checked(docker: Path) -> None:
    (docker / "image").write_text("sha256:old\n")
    assert refused("3.60.0") == ""


def test_data_of_an_unknown_version_is_accepted(docker: Path) -> None:
    (docker / "version").write_text("")
    assert refused("3.60.0") == ""


@pytest.mark.parametrize("silent", ["container ls", "container inspect", "volume ls", "run"])
def test_what_the_engine_does_not_say_is_refused(docker: Path, silent: str) -> None:
    (docker / "container").write_text("" if silent == "volume ls" else "sha256:old false\n")
    (docker / "silent").write_text(silent)
    assert refused("3.99.0").startswith(
        "nexus.image: a newer Nexus may have run on the volume nexus-data, which cannot be asked (docker "
    )


def test_a_nexus_that_restarts_forever_is_judged_by_its_volume(docker: Path) -> None:
    (docker / "silent").write_text("exec")
    assert "is older than Nexus 3.95.2" in refused("3.60.0")
    assert refused("3.99.0") == ""
