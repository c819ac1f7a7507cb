"""An image older than the last one that ran on the data volume is refused."""

import re
from pathlib import Path

import pytest

from preflight.data_version import LastRun, downgrade, last_run, unasked, version_of
from preflight.engine_answer import Unanswered
from stacks.upgrades.deployed import Embedded
from tests.support.played_docker import play_docker

DOCKER = """#!/bin/sh
case "$*" in
"$(cat "$FOLDER/silent")"*) exit 1 ;;
"container ls "*) [ ! -s "$FOLDER/container" ] || echo nexus ;;
"volume ls "*) echo nexus-data ;;
"container inspect "*) cat "$FOLDER/container" ;;
"image inspect "*Labels*) cat "$FOLDER/label" ;;
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
    try:
        last = last_run({}, "nexus", "nexus-data", image)
    except Unanswered as error:
        return str(unasked("nexus-data", image, error))
    return str((last and downgrade(last, image, version)) or "")


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


# The header of H2's file as a real core 3.77.0 with H2 2.2.224 wrote it; in that of H2 1.4.200 the format is 1.
HEADER = b"H:2,block:97,blockSize:1000,chunk:19f,created:1a23b03afb2,format:3,version:19f,fletcher:6c74c0bc\n"


@pytest.mark.parametrize(
    ("files", "embedded"),
    [
        ({}, Embedded.UNKNOWN),
        ({"nexus.mv.db": HEADER}, Embedded.H2),
        ({"nexus.mv.db": HEADER.replace(b"format:3", b"format:2")}, Embedded.H2),
        ({"nexus.mv.db": HEADER.replace(b"format:3", b"format:1")}, Embedded.H2_1),
        ({"component/component.ocf": b"", "config/config.ocf": b"", "security/security.ocf": b""}, Embedded.ORIENTDB),
        ({"component/component.ocf": b"", "nexus.mv.db": HEADER}, Embedded.H2),
    ],
)
@pytest.mark.parametrize("running", ["true", "false"])
def test_the_database_is_told_by_its_files(
    docker: Path, tmp_path: Path, files: dict[str, bytes], embedded: Embedded, running: str
) -> None:
    """The script of the container runs here, on a folder in place of the volume."""
    volume = tmp_path / "volume"
    for name, content in files.items():
        (volume / "db" / name).parent.mkdir(parents=True, exist_ok=True)
        (volume / "db" / name).write_bytes(content + b" " * 200 + bytes(range(256)))
    volume.mkdir(exist_ok=True)
    (volume / ".repository-store-version").write_text("3.68.1\n")
    (docker / "container").write_text(f"sha256:old {running}\n")
    played = (docker / "docker").read_text()
    here = f'sed "s|/nexus-data|{volume}|g" >"$FOLDER/script"; sh "$FOLDER/script"'
    script = f'for last; do :; done; printf "%s\\n" "$last" | {here}'
    verb = r'^"(exec|run) ".*$'
    played = re.sub(verb, lambda found: f'"{found[1]} "*) {script} ;;', played, flags=re.MULTILINE)
    (docker / "docker").write_text(played)
    assert last_run({}, "nexus", "nexus-data", "sonatype/nexus3:x") == LastRun("3.68.1", embedded)


def test_an_empty_volume_tells_nothing(docker: Path) -> None:
    (docker / "version").write_text("")
    assert last_run({}, "nexus", "nexus-data", "sonatype/nexus3:x") is None


@pytest.mark.parametrize(
    ("label", "release"), [("3.95.2-01", "3.95.2"), ("9.4", ""), ("", ""), ("<no value>", ""), ("latest", "")]
)
def test_the_label_of_an_image_tells_its_release(docker: Path, label: str, release: str) -> None:
    (docker / "label").write_text(f"{label}\n")
    assert version_of({}, "sonatype/nexus3:latest") == release
