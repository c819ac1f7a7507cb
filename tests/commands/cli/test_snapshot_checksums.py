"""A snapshot proves itself: whatever happens to its files or lists is found and named, and is not restored.

The programs are GNU's on this machine, as those of nginx's image are.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.snapshots.manifest import Manifest, Sealed
from tests.commands.cli.own_snapshots import STORE, made, restored, snapshots

BLOB = "blobs/default/content/vol-01/a b.bytes"
OTHER = "blobs/default/content/vol-01/c.bytes"
EARLIER = "2020-01-01T00-00-00Z"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of one snapshot, of the volume beside it."""
    data, place = tmp_path / "data", tmp_path / "place"
    for path, content in ((BLOB, b"blob" * 999), (OTHER, b"olbb" * 999), ("db/nexus.mv.db", b"database")):
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        (data / path).write_bytes(content)
    os.utime(data / OTHER, ns=(0, (data / BLOB).stat().st_mtime_ns))
    (data / "log").symlink_to("/var/log")
    place.mkdir()
    made(snapshots(data, place))
    return place


def only(place: Path) -> Path:
    (found,) = place.glob("[0-9]*Z")
    return found


def quietly(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Changes a file as a failing disk does: size and times stay."""
    before = path.stat()
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def flipped(content: bytes) -> bytes:
    return content[:5] + bytes([content[5] ^ 4]) + content[6:]


def swap(snapshot: Path) -> None:
    """Two files of the same size and time are exchanged."""
    one, other = snapshot / "data" / BLOB, snapshot / "data" / OTHER
    one.rename(snapshot / "between")
    other.rename(one)
    (snapshot / "between").rename(other)


def relink(snapshot: Path) -> None:
    link = snapshot / "data/log"
    before = link.lstat()
    link.unlink()
    link.symlink_to("/etc/log")
    os.utime(link, ns=(before.st_atime_ns, before.st_mtime_ns), follow_symlinks=False)


def of_another(snapshot: Path) -> None:
    manifest = Manifest.read(snapshot.name, (snapshot / "manifest.json").read_text())
    (snapshot / "manifest.json").write_text(manifest.model_copy(update={"name": EARLIER}).text)


def with_other_id(snapshot: Path) -> None:
    document = json.loads((snapshot / "manifest.json").read_text())
    (snapshot / "manifest.json").write_text(json.dumps({**document, "storeId": "0123456789abcdee"}))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped bit": (lambda it: quietly(it / "data" / BLOB, flipped), f"damaged {BLOB}"),
    "a flipped bit in the database": (
        lambda it: quietly(it / "data/db/nexus.mv.db", flipped),
        "damaged db/nexus.mv.db",
    ),
    "zeros": (lambda it: quietly(it / "data" / BLOB, lambda had: bytes(len(had))), f"damaged {BLOB}"),
    "a truncated file": (lambda it: quietly(it / "data" / BLOB, lambda had: had[:-1]), f"changed {BLOB}"),
    "a missing file": (lambda it: (it / "data" / BLOB).unlink(), f"missing {BLOB}"),
    "an extra file": (lambda it: (it / "data/db/extra").touch(), "extra db/extra"),
    "two files exchanged": (swap, f"damaged {OTHER}"),
    "another owner or mode": (lambda it: (it / "data" / BLOB).chmod(0o777), f"changed {BLOB}"),
    "a link to elsewhere": (relink, "damaged log"),
    "the list of files": (lambda it: quietly(it / "files", flipped), "damaged files, a list of the snapshot"),
    "no list of files": (lambda it: (it / "files").unlink(), "missing files, the list of its files"),
    "the list of checksums": (lambda it: quietly(it / "sums", flipped), "damaged sums, a list of the snapshot"),
    "no list of checksums": (lambda it: (it / "sums").unlink(), "damaged sums, a list of the snapshot"),
    "a manifest cut short": (
        lambda it: quietly(it / "manifest.json", lambda had: had[:99]),
        "manifest.json: it is damaged: it is not a manifest",
    ),
    "a manifest of another store": (with_other_id, "manifest.json: it is damaged: its own checksum differs"),
    "a manifest of another snapshot": (of_another, f"manifest.json: it belongs to another snapshot (got {EARLIER})"),
    "no manifest": (lambda it: (it / "manifest.json").unlink(), "manifest.json: it is missing"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_found_and_named_and_the_snapshot_is_not_restored(damage: str, place: Path) -> None:
    snapshot, data = only(place), place.with_name("data")
    cause, named = DAMAGES[damage]
    found = snapshots(data, place)
    assert found.verify(snapshot.name) == []
    cause(snapshot)
    assert any(named in line for line in found.verify(snapshot.name)), found.verify(snapshot.name)
    (data / "db/nexus.mv.db").write_bytes(b"present")
    with pytest.raises(CommandError, match=f"the snapshot {snapshot.name} is damaged, and nothing was changed"):
        restored(found, snapshot.name)
    assert (data / "db/nexus.mv.db").read_bytes() == b"present"
    assert not [path for path in data.iterdir() if path.name.startswith(".")]
    assert not (place / ".scratch").exists()


def test_only_what_is_damaged_is_named(place: Path) -> None:
    quietly(only(place) / "data" / BLOB, flipped)
    assert snapshots(place.with_name("data"), place).verify(only(place).name) == [f"damaged {BLOB}"]


def test_a_flipped_bit_is_found_in_every_snapshot_that_shares_the_file_and_not_in_a_full_one(place: Path) -> None:
    only(place).rename(place / EARLIER)
    found = snapshots(place.with_name("data"), place)
    quietly(place / EARLIER / "data" / BLOB, flipped)
    name = made(found)
    assert (place / name / "data" / BLOB).samefile(place / EARLIER / "data" / BLOB)
    assert found.verify(name) == [f"damaged {BLOB}"]
    (place / name).rename(place / "2020-01-02T00-00-00Z")
    full = made(found, full=True)
    assert (place / full / "data" / BLOB).stat().st_nlink == 1
    assert found.verify(full) == []


def test_the_checksum_of_an_unchanged_file_is_carried_and_not_computed_again(place: Path, tmp_path: Path) -> None:
    only(place).rename(place / EARLIER)
    data, calls = place.with_name("data"), tmp_path / "calls"
    (data / OTHER).write_bytes(b"changed")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "sha256sum"
    program.write_text(f'#!/bin/sh\necho "$@" >>{calls}\nexec {shutil.which("sha256sum")} "$@"\n')
    program.chmod(0o755)
    name = made(snapshots(data, place, tmp_path / "bin"))
    assert BLOB not in calls.read_text()
    assert OTHER in calls.read_text()
    assert "db/nexus.mv.db" in calls.read_text(), "the database is copied again, so it is no link"
    assert snapshots(data, place).verify(name) == []


def test_a_full_snapshot_names_what_has_changed_on_the_volume_without_a_trace(place: Path) -> None:
    only(place).rename(place / EARLIER)
    data = place.with_name("data")
    quietly(data / BLOB, flipped)
    (data / OTHER).write_bytes(b"changed by Nexus")
    seen: list[Sealed] = []
    found = snapshots(data, place)
    found.begin(full=True)
    found.finish()

    def described(sealed: Sealed) -> Manifest:
        seen.append(sealed)
        return Manifest.of(sealed, STORE, None)

    found.seal(described, full=True)
    assert [sealed.drifted for sealed in seen] == [(BLOB,)]


def test_a_snapshot_from_before_there_were_checksums_is_restored(place: Path) -> None:
    snapshot, data = only(place), place.with_name("data")
    for each in ("sums", "manifest.json"):
        (snapshot / each).unlink()
    found = snapshots(data, place)
    assert found.manifest(snapshot.name) is None
    assert found.verify(snapshot.name) == []
    assert found.downtime is None
    (data / BLOB).unlink()
    restored(found, snapshot.name)
    assert (data / BLOB).read_bytes() == b"blob" * 999
    (snapshot).rename(place / EARLIER)
    assert found.verify(made(found)) == [], "the next one computes the checksums of everything"


def test_what_is_written_while_a_snapshot_is_made_is_in_it(place: Path) -> None:
    """The volume is written to between the two copies, and Nexus deletes a file that the first one has."""
    only(place).rename(place / EARLIER)
    data = place.with_name("data")
    found = snapshots(data, place)
    found.begin()
    (data / "blobs/pushed").write_bytes(b"pushed")
    (data / OTHER).unlink()
    found.finish()
    snapshot = place / found.seal(lambda sealed: Manifest.of(sealed, STORE, None)).name
    assert found.verify(snapshot.name) == []
    assert (snapshot / "data/blobs/pushed").read_bytes() == b"pushed"
    assert not (snapshot / "data" / OTHER).exists()
