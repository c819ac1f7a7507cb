"""`nexus.readOnlyRoot` and `nexus.healthCheck`, with the stand-in in Nexus's place."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from stacks.layout import DATA_FOLDER, KEY_FOLDER
from tests.e2e.store.small_store import ids, left, small_stack
from tests.e2e.store.store import Failed, Store, outcome, run

STACK = "readonly"
FILE = "files/team/kept.txt"


@pytest.fixture(scope="module")
def confined() -> Iterator[Store]:
    with small_stack(STACK) as store:
        store.configure("nexus.readOnlyRoot", "true")
        store.configure("nexus.healthCheck", "true")
        store.make("up")
        assert store.content("PUT", FILE, auth=store.jenkins, data=b"kept").ok
        yield store


def keys(store: Store) -> list[dict[str, Any]]:
    """What each file on the volume of keys has, the newest first."""
    files = run(["docker", "exec", store.container("nexus"), "sh", "-c", f"ls -t {KEY_FOLDER}/*"]).split()
    return [json.loads(run(["docker", "exec", store.container("nexus"), "cat", file])) for file in files]


def serves(store: Store) -> None:
    answer = store.content("GET", FILE, auth=store.jenkins)
    assert (answer.status_code, answer.content) == (200, b"kept")


def is_healthy(container: str) -> bool:
    for _ in range(90):
        if run(["docker", "inspect", "--format", "{{.State.Health.Status}}", container]).strip() == "healthy":
            return True
        time.sleep(1)
    return False


def test_nexus_writes_to_its_data_and_tmp_alone_and_the_engine_sees_it_healthy(confined: Store) -> None:
    write = ["docker", "exec", "--user", "0", confined.container("nexus"), "sh", "-c"]
    for folder in ("/", "/opt", "/usr/bin", KEY_FOLDER):
        assert "Read-only file system" in outcome([*write, f"touch {folder}/written 2>&1"])[1]
    write[2:4] = []
    run([*write, f"touch {DATA_FOLDER}/written /tmp/written && rm {DATA_FOLDER}/written /tmp/written"])
    assert is_healthy(confined.container("nexus"))
    assert "nothing to change" in confined.make("up")


def test_a_second_key_is_another_file_and_the_active_one_cannot_be_removed(confined: Store) -> None:
    (first,) = keys(confined)
    confined.configure("nexus.encryptionKeys[1].id", "second")
    confined.configure_secret("nexus.encryptionKeys[1].key", "a-second-key-of-the-test")
    confined.make("up")
    newest, before = keys(confined)
    assert (newest["active"], before) == ("second", first)
    serves(confined)
    assert "nothing to change" in confined.make("up")
    text = confined.file.read_text()
    confined.pulumi("config", "rm", "--path", "nexus.encryptionKeys[1]")
    with pytest.raises(Failed, match=r"nexus\.encryptionKeys: the key 'second' is missing"):
        confined.make("preview")
    confined.file.write_text(text)


def test_a_lost_volume_of_keys_is_filled_again_before_nexus_starts(confined: Store) -> None:
    active = keys(confined)[0]["active"]
    run(["docker", "rm", "--force", confined.container("nexus")])
    run(["docker", "volume", "rm", confined.container("nexus-keys")])
    assert f"the volume {confined.container('nexus-keys')} is gone" in confined.make("up")
    assert keys(confined)[0]["active"] == active
    serves(confined)
    assert "nothing to change" in confined.make("up")


def test_the_setting_can_be_taken_back_and_nothing_is_left_of_it(confined: Store) -> None:
    confined.configure("nexus.readOnlyRoot", "false")
    confined.make("up")
    serves(confined)
    assert confined.container("nexus-keys") not in run(["docker", "volume", "ls", "--quiet"]).split()
    before = ids(confined)
    assert "nothing to change" in confined.make("up")
    assert ids(confined) == before
    confined.configure("nexus.readOnlyRoot", "true")
    confined.make("up")
    serves(confined)
    confined.make("down", YES="1")
    assert left(confined) == []
