"""What a data volume holds is counted in whatever form; what cannot be asked is never nothing.

The played engine runs the count with this machine's sh, find and awk on a folder, in the place of a container's.
"""

from pathlib import Path

import pytest

from preflight.content import Content, content_of
from tests.support.played_docker import play_docker

VOLUME = "repository-store-trial-nexus-data"
DOCKER = """#!/bin/sh
case "$1 $2" in
"$(cat "$FOLDER/silent")") echo "Cannot connect to the Docker daemon" >&2; exit 1 ;;
"volume ls") cat "$FOLDER/volumes" ;;
"image inspect") echo '[{}]' ;;
"run --rm")
    for script; do :; done
    counted=$(printf %s "$script" | sed "s|/data|$FOLDER/volume|g")
    PATH=$FOLDER/tools sh -c "$counted" ;;
esac
"""
# What a server without content has on its volume: the real one of 3.77 and newer, and the stand-in.
EMPTY = (
    *(
        ".repository-store-instance",
        ".repository-store-version",
        "admin.password",
        "karaf.pid",
        "port",
        "lock",
        "exchanges",
    ),
    *("db/nexus.mv.db", "db/nexus.db", "log/nexus.log", "log/audit/audit.log", "cache/bundle0/bundle.info"),
    *("etc/nexus.properties", "etc/fabric/nexus-store.properties", "tmp/nexus-ehcache/x", "keystores/node/private.ks"),
    *("instances/instance.properties", "javaprefs/.java/prefs.xml", "blobs/default/metadata.properties"),
    *("blobs/default/0A-deletions.index", "blobs/default/0A-metrics.properties"),
    "blobs/default/reconciliation/2026-12-01",
)
BLOB = "blobs/files/content/vol-01/chap-02/9a-7b"
IMAGE = "blobs/images/content/docker/1/docker/registry/v2"


@pytest.fixture
def volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    play_docker(monkeypatch, tmp_path, DOCKER)
    (tmp_path / "volumes").write_text(f"another\n{VOLUME}\n")
    (tmp_path / "silent").write_text("nothing")
    (tmp_path / "tools").mkdir()
    for tool in ("sh", "find", "stat", "awk"):
        (tmp_path / "tools" / tool).symlink_to(f"/usr/bin/{tool}")
    for name in EMPTY:
        put(tmp_path / "volume", name)
    return tmp_path / "volume"


def put(volume: Path, name: str, text: str = "12345") -> None:
    (volume / name).parent.mkdir(parents=True, exist_ok=True)
    (volume / name).write_text(text)


def content() -> Content | None:
    return content_of({}, VOLUME, ["sha256:nginx"])


def test_a_server_without_content_holds_nothing(volume: Path) -> None:
    assert content() == Content(0, 0)


@pytest.mark.parametrize(
    "name",
    [
        f"{BLOB}.bytes",
        f"{IMAGE}/blobs/sha256/ab/abcd/data",
        "content/vol-01/chap-02/9a-7b.bytes",  # the path of the blob store is the volume's own folder
        "tmp/mine/content/vol-01/chap-02/9a-7b.bytes",  # or one that is Nexus's own
        "db/mine/content/docker/1/docker/registry/v2/blobs/sha256/ab/abcd/data",
        "blobs/reconciliation/content/2026/12/01/07/15/9a-7b.bytes",
        "blobs/files/content/tmp/upload-1",
        "elsewhere/of a later release",
        "restore-from-backup/nexus.bak",
    ],
)
def test_every_stored_file_counts_wherever_it_is_and_however_it_is_called(volume: Path, name: str) -> None:
    put(volume, name)
    assert content() == Content(1, 5)


def test_a_blobs_properties_are_no_second_file(volume: Path) -> None:
    put(volume, f"{BLOB}.bytes")
    put(volume, f"{BLOB}.properties")
    assert str(content()) == "1 file, 5 B"


def test_a_volume_that_the_engine_does_not_list_is_empty(volume: Path) -> None:
    (volume.parent / "volumes").write_text("another\n")
    assert content() == Content(0, 0)


@pytest.mark.parametrize("silent", ["volume ls", "image inspect", "run --rm"])
def test_what_the_engine_does_not_say_is_unknown(volume: Path, silent: str) -> None:
    (volume.parent / "silent").write_text(silent)
    assert content() is None


@pytest.mark.parametrize("tool", ["find", "stat", "awk"])
def test_an_image_without_a_tool_does_not_count_nothing(volume: Path, tool: str) -> None:
    (volume.parent / "tools" / tool).unlink()
    put(volume, f"{BLOB}.bytes")
    assert content() is None
