"""The stack's encryption key reaches Nexus outside of the data volume, and is visible nowhere."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from components.nexus_server import _key_file, _key_variable
from stacks.layout import DATA_FOLDER, KEY_FILE
from stacks.managed_nexus import ManagedNexus

FIRST = {"id": "first", "key": "0123456789abcdef"}
SECOND = {"id": "second", "key": "fedcba9876543210"}


def settings(*keys: dict[str, Any], read_only: bool = False) -> ManagedNexus:
    return ManagedNexus.model_validate({"encryptionKeys": list(keys), "readOnlyRoot": read_only})


def test_a_store_without_a_key_does_not_change() -> None:
    assert _key_file(settings()) is None
    assert _key_variable(settings()) == []


def test_nexus_gets_the_path_of_the_key_file() -> None:
    assert _key_variable(settings(FIRST)) == ["NEXUS_SECRETS_KEY_FILE=/nexus-encryption-keys.json"]


@pytest.mark.usefixtures("event_loop")
def test_the_file_is_not_on_the_data_volume() -> None:
    assert not KEY_FILE.startswith(DATA_FOLDER)
    (file,) = _key_file(settings(FIRST, SECOND)) or []
    assert file.file == KEY_FILE


def test_with_a_read_only_root_the_file_is_on_a_volume_and_other_keys_are_another_file() -> None:
    first, both = settings(FIRST, read_only=True), settings(FIRST, SECOND, read_only=True)
    assert (_key_file(first), first.has_key_volume) == (None, True)
    (variable,) = _key_variable(first)
    assert re.fullmatch(r"NEXUS_SECRETS_KEY_FILE=/nexus-encryption-keys/[0-9a-f]{8}\.json", variable)
    assert first.key_file != both.key_file
    assert not settings(FIRST).has_key_volume
    assert not settings(read_only=True).has_key_volume


def test_no_repr_and_no_error_shows_a_key() -> None:
    assert FIRST["key"] not in repr(settings(FIRST))
    with pytest.raises(ValidationError) as refused:
        settings({"id": "first", "key": "short-word"})
    assert "16 characters or more" in str(refused.value)
    assert "short-word" not in json.dumps(refused.value.errors(include_input=False, include_url=False), default=str)


@pytest.mark.parametrize(
    "keys", [(FIRST, FIRST), ({"id": "", "key": FIRST["key"]},), ({"id": "a b", "key": FIRST["key"]},)]
)
def test_ids_must_be_unique_words(keys: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(ValidationError):
        settings(*keys)
