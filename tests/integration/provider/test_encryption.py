"""The stack's own key for Nexus's stored passwords: they are re-encrypted once for each new key."""

import json
from collections.abc import Callable, Iterator

import pytest

from stacks.encryption_key import EncryptionKey, key_file
from tests.integration.provider.play import Failed, Play
from tests.support.versions import NEWEST

KEYS = [{"id": name, "key": f"{name}-0123456789abcdef"} for name in ("first", "second")]


@pytest.fixture(scope="module")
def keyed(playing: Callable[..., Play], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A server with both keys in its key file, like the stack's containers."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_text(key_file([EncryptionKey.model_validate(key) for key in KEYS]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEXUS_SECRETS_KEY_FILE", str(file))
        with playing() as play:
            yield play


def orders(play: Play) -> list[str]:
    lines = [json.loads(line) for line in (play.folder / "exchanges").read_text().splitlines()]
    return [json.dumps(line) for line in lines if "re-encrypt" in json.dumps(line)]


def checks(play: Play) -> list[str]:
    """The status of the server's task in each answer."""
    lines = [json.loads(line) for line in (play.folder / "exchanges").read_text().splitlines()]
    asked = [line for line in lines if line["path"] == "/service/rest/v1/status/check"]
    return [line["answer"]["Re-encryption required"]["message"] for line in asked]


def with_keys(play: Play, *ids: str) -> None:
    play.wanted["nexus"] = {"generation": NEWEST, "encryptionKeys": [key for key in KEYS if key["id"] in ids]}


def test_each_new_key_is_requested_once(keyed: Play) -> None:
    with_keys(keyed, "first")
    keyed.up()
    assert len(orders(keyed)) == 1
    keyed.up("--refresh")
    assert "unchanged" in keyed.preview("--refresh", "--expect-no-changes")
    assert len(orders(keyed)) == 1
    with_keys(keyed, "first", "second")
    keyed.up()
    assert len(orders(keyed)) == 2


def test_an_up_waits_until_everything_is_encrypted_with_the_new_key(keyed: Play) -> None:
    statuses = checks(keyed)
    assert "in progress" in statuses[0]
    assert "not required" in statuses[-1]


def test_no_key_is_in_the_state(keyed: Play) -> None:
    assert "0123456789abcdef" not in json.dumps(keyed.state())


def test_a_key_that_the_server_does_not_have_is_one_line(keyed: Play) -> None:
    keyed.wanted["nexus"] = {"generation": NEWEST, "encryptionKeys": [{"id": "lost", "key": "0123456789abcdef"}]}
    with pytest.raises(Failed, match="Key id 'lost' not found"):
        keyed.up()


def test_without_keys_no_re_encryption_is_requested(play: Play) -> None:
    play.up()
    assert orders(play) == []


def test_the_key_file_has_nexus_format() -> None:
    """As observed on core 3.77.0: it encrypts with the key `active`, and can re-encrypt with another one."""
    assert json.loads(key_file([EncryptionKey.model_validate(key) for key in KEYS])) == {
        "active": "second",
        "keys": KEYS,
    }
    assert "0123456789abcdef" not in repr(EncryptionKey.model_validate(KEYS[0]))
