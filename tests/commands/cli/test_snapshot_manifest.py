"""What a snapshot is of: a restore refuses what the stack's store cannot read or log in to."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cli.errors import CommandError
from cli.snapshots.manifest import Manifest, Sealed
from tests.commands.cli.own_snapshots import STORE

NAME = "2026-12-03T02-30-00Z"
SEALED = Sealed(NAME, 3, 4096, "f" * 64, "a" * 64, ())
MANIFEST = Manifest.of(SEALED, STORE, 12)


def refusals(manifest: Manifest = MANIFEST, *, other_store: bool = False, **differences: object) -> list[str]:
    target = replace(STORE, **differences)  # type: ignore[arg-type]
    return [str(each) for each in manifest.refused_by(target, other_store=other_store)]


def test_a_manifest_is_read_as_it_was_written_and_holds_no_key() -> None:
    assert Manifest.read(NAME, MANIFEST.text).model_dump(exclude={"sha256"}) == MANIFEST.model_dump(exclude={"sha256"})
    assert MANIFEST.taken_at == datetime(2026, 12, 3, 2, 30, tzinfo=UTC)
    assert "a key of sixteen characters" not in MANIFEST.text


def test_the_keys_of_its_json_are_those_that_the_docs_name() -> None:
    document = json.loads(MANIFEST.text)
    assert list(document) == [
        *(
            "format",
            "name",
            "takenAt",
            "stack",
            "storeId",
            "serverVersion",
            "database",
            "encryptionKey",
            "files",
            "bytes",
        ),
        *("filesSha256", "sumsSha256", "downtimeSeconds", "sha256"),
    ]
    assert list(document["encryptionKey"]) == ["id", "salt", "check"]


def test_a_manifest_of_a_later_format_is_refused_as_such() -> None:
    text = json.dumps({**json.loads(MANIFEST.text), "format": 2})
    with pytest.raises(CommandError, match=r"a later release of this project wrote it \(got 2; allowed 1\)"):
        Manifest.read(NAME, text)


def test_the_same_store_is_restored() -> None:
    assert refusals() == []
    assert refusals(keys=None) == [], "its container is gone"
    assert refusals(server_version="3.97.1") == []
    assert refusals(server_version="") == [], "its volume is gone"


def test_another_store_is_refused_unless_it_is_meant() -> None:
    (line,) = refusals(store_id="fedcba9876543210")
    assert line.startswith("FROM: the snapshot is of another store (stack trial)")
    assert "(got store 0123456789abcdef; allowed store fedcba9876543210). Fix: " in line
    assert "--from-other-store" in line
    assert refusals(store_id="fedcba9876543210", other_store=True) == []


@pytest.mark.parametrize(
    ("ours", "refused"), [("3.76.9", True), ("3.77.1", False), ("3.77", False), ("3.100.0", False)]
)
def test_a_newer_server_s_database_is_refused(ours: str, refused: bool) -> None:
    lines = refusals(server_version=ours, other_store=True)
    assert bool(lines) == refused
    assert all("the snapshot is of a newer Nexus" in line and f"got 3.77.0; allowed {ours}" in line for line in lines)


def test_another_database_is_refused() -> None:
    assert "(got postgresql; allowed h2)" in refusals(database="postgresql")[0]


@pytest.mark.parametrize(
    ("keys", "got"),
    [
        ({}, "got no key;"),
        ({"second": "a key of sixteen characters"}, "got 'second';"),
        ({"first": "another value of it"}, "got another 'first';"),
    ],
)
def test_a_snapshot_is_refused_without_its_encryption_key(keys: dict[str, str], got: str) -> None:
    (line,) = refusals(keys=keys)
    assert line.startswith("nexus.encryptionKeys: Nexus lacks the key 'first' of the snapshot")
    assert got in line
    assert refusals(keys={**STORE.keys, "second": "x"} if STORE.keys else None) == []
