"""The current encryption key must stay in the stack file, since Nexus could not decrypt its passwords without it."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from preflight.encryption_key import missing_key
from tests.support.played_docker import play_docker

FILE = "/keys.json"
DOCKER = """#!/bin/sh
case "$1" in
container) [ "$2" = ls ] && exec cat "$FOLDER/containers"; cat "$FOLDER/variables" ;;
diff) cat "$FOLDER/changes" ;;
cp) [ "$2" = nexus:/keys.json ] && cat "$FOLDER/file" ;;
esac
"""
FIRST, SECOND = "0123456789abcdef", "fedcba9876543210"


def archive(content: dict[str, object]) -> bytes:
    text, made = json.dumps(content).encode(), io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        member = tarfile.TarInfo("keys.json")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    return made.getvalue()


def made_with(folder: Path, variables: list[str], *mounted: str) -> None:
    """The container's environment and mounts, as the format of `docker inspect` prints them."""
    mounts = [{"Destination": each} for each in mounted]
    (folder / "variables").write_text(f"{json.dumps(variables)}\n{json.dumps(mounts)}\n")


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An engine with a Nexus that encrypts with the second of two keys."""
    play_docker(monkeypatch, tmp_path, DOCKER)
    (tmp_path / "containers").write_text("nexus\n")
    (tmp_path / "changes").write_text(f"C /run\nA {FILE}\n")
    made_with(tmp_path, ["HOME=/", f"NEXUS_SECRETS_KEY_FILE={FILE}"])
    keys = [{"id": "first", "key": FIRST}, {"id": "second", "key": SECOND}]
    (tmp_path / "file").write_bytes(archive({"active": "second", "keys": keys}))
    return tmp_path


def refused(wanted: dict[str, str]) -> str:
    return str(missing_key({}, "nexus", wanted) or "")


@pytest.mark.parametrize("wanted", [{}, {"first": FIRST}, {"third": "a-key-of-16-chars"}])
def test_removing_the_current_key_is_refused(docker: Path, wanted: dict[str, str]) -> None:
    message = refused(wanted)
    assert message.startswith("nexus.encryptionKeys: the key 'second' is missing")
    assert SECOND not in message


def test_another_key_under_the_current_id_is_refused(docker: Path) -> None:
    message = refused({"second": FIRST})
    assert message.startswith("nexus.encryptionKeys: the key 'second' has another value")
    assert FIRST not in message


@pytest.mark.parametrize(
    "wanted", [{"second": SECOND}, {"first": FIRST, "second": SECOND}, {"second": SECOND, "third": "a-key-of-16-chars"}]
)
def test_older_keys_can_be_removed_and_newer_ones_added(docker: Path, wanted: dict[str, str]) -> None:
    assert refused(wanted) == ""


def test_a_key_on_a_volume_of_its_own_is_found_although_diff_does_not_list_it(docker: Path) -> None:
    made_with(docker, ["NEXUS_SECRETS_KEY_FILE=/keys.json"], "/nexus-data")
    (docker / "changes").write_text("")
    assert refused({}) == ""  # nothing was copied yet
    made_with(docker, ["NEXUS_SECRETS_KEY_FILE=/keys.json"], "/nexus-data", "/")
    assert refused({}).startswith("nexus.encryptionKeys: the key 'second' is missing")


@pytest.mark.parametrize("file", ["containers", "variables"])
def test_a_store_that_does_not_exist_or_has_no_key_is_accepted(docker: Path, file: str) -> None:
    (docker / "file").unlink()
    (docker / file).write_text("[]\n[]\n")
    assert refused({"first": FIRST}) == ""


@pytest.mark.parametrize("silent", ["containers", "variables", "file"])
def test_a_container_that_cannot_be_asked_may_have_a_key(docker: Path, silent: str) -> None:
    (docker / silent).unlink()
    assert refused({"first": FIRST}).startswith(
        "nexus.encryptionKeys: the container nexus may have a key that is needed, and cannot be asked (docker "
    )


def test_a_container_without_the_file_has_no_key(docker: Path) -> None:
    """Such as one that an earlier release restored, without the files that had been copied into it."""
    (docker / "changes").write_text("C /run\n")
    (docker / "file").unlink()
    assert refused({}) == ""
