"""Snapshots of running stores: damage is found before anything is touched, pushes meanwhile lose nothing, and another
store's snapshot is refused or restored with logins.

Nexus is the stand-in, which keeps its database in one file and each blob in files of its own, as Nexus does; it
encrypts nothing, so it also starts without the key whose absence stops a real one (seen on a core 3.77).
"""

import io
import json
import os
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.store.small_store import small_stack
from tests.e2e.store.store import ROOT, Failed, Store, outcome, run


@pytest.fixture
def place(store: Store, tmp_path: Path) -> Iterator[Path]:
    """The folder of the host to which the stack file backs the store up during a test."""
    kept = tmp_path / "kept.yaml"
    shutil.copy(store.file, kept)
    (tmp_path / "place").mkdir()
    store.configure("backup.location", str(tmp_path / "place"))
    store.configure("backup.keep", "3")
    yield tmp_path / "place"
    shutil.copy(kept, store.file)


def backup(store: Store, **variables: str) -> str:
    """Makes a snapshot and returns its name."""
    output = store.make("backup", **variables)
    return output[output.rindex("FROM=") + len("FROM=") :].split()[0]


def refused(store: Store, target: str, **variables: str) -> str:
    with pytest.raises(Failed) as failure:
        store.make(target, **variables)
    return str(failure.value)


def jar(text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("org/domain/text"), text * 2048)  # whose time is fixed
    return made.getvalue()


def path_of(number: int) -> str:
    return f"maven-releases/org/domain/meanwhile/1.{number}/meanwhile-1.{number}.jar"


def push(store: Store, number: int) -> None:
    done = store.content("PUT", path_of(number), auth=store.jenkins, data=jar(f"pushed {number}"))
    assert done.status_code == 201, done.text


def beside(store: Store) -> list[str]:
    """What a restore leaves beside the content of the volume."""
    listed = run(["docker", "exec", store.container("nexus"), "ls", "-A", "/nexus-data"]).split()
    return [each for each in listed if each.startswith(".") and not each.startswith((".repository-store", ".java"))]


def test_a_flipped_bit_is_named_and_never_restored_while_nexus_goes_on(store: Store, place: Path) -> None:
    push(store, 10_000)
    first = backup(store)
    started = store.started("nexus")
    blob = max((place / store.container("").rstrip("-") / first / "data/blobs").rglob("*"), key=lambda it: it.is_file())
    before = blob.stat()
    content = blob.read_bytes()
    blob.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    os.utime(blob, ns=(before.st_atime_ns, before.st_mtime_ns))
    named = f"damaged {blob.relative_to(place / store.container('').rstrip('-') / first / 'data')}"

    assert named in refused(store, "backup", VERIFY="1")
    said = refused(store, "restore", FROM=first, YES="1")
    assert f"the snapshot {first} is damaged, and nothing was changed: {named}" in said
    assert store.started("nexus") == started
    assert beside(store) == []

    second = backup(store)
    assert named in refused(store, "backup", VERIFY="1"), "the snapshot after it shares the file"
    full = backup(store, FULL="1")
    assert f"{full}: every file is right" in store.make("backup", VERIFY="1")
    assert named in refused(store, "backup", VERIFY="1", FROM=second)
    said = store.make("restore", FROM=full, YES="1")
    assert said.index("copying the snapshot") < said.index("stopping Nexus to exchange the content; it was unavailable")
    assert "Nexus serves again; it was unavailable for " in said
    assert beside(store) == []
    assert store.content("GET", path_of(10_000), auth=store.jenkins).content == jar("pushed 10000")


@contextmanager
def pushing(store: Store) -> Iterator[list[int]]:
    """Pushes by two clients during the block; the numbers of those that were confirmed."""
    ended, confirmed = threading.Event(), []

    def client(first: int) -> None:
        number = first
        while not ended.is_set():
            try:
                done = store.content("PUT", path_of(number), auth=store.jenkins, data=jar(f"pushed {number}"))
            except OSError:
                continue  # Nexus or its connection is gone; the client tries again
            if done.status_code == 201:
                confirmed.append(number)
            number += 2

    with ThreadPoolExecutor() as both:
        running = [both.submit(client, first) for first in (1, 2)]
        try:
            yield confirmed
        finally:
            ended.set()
        for each in running:
            each.result()


def assets(store: Store) -> Iterator[dict[str, str]]:
    token = ""
    while True:
        page = store.api("GET", f"/v1/assets?repository=maven-releases{token and f'&continuationToken={token}'}").json()
        yield from page["items"]
        token = page["continuationToken"]
        if not token:
            return


def test_pushes_during_a_backup_lose_no_blob_that_the_database_names(store: Store, place: Path) -> None:
    with pushing(store) as confirmed:
        while not confirmed:
            pass
        name = backup(store)
    before = sorted(confirmed)
    store.make("restore", FROM=name, YES="1")
    there = [each["path"] for each in assets(store)]
    numbers = [number for number in before if path_of(number).partition("/")[2] in {each.lstrip("/") for each in there}]
    assert numbers, "some pushes are in the snapshot"
    for path in there:
        found = store.content("GET", f"maven-releases/{path.lstrip('/')}", auth=store.jenkins)
        assert found.status_code == 200, path
    for number in numbers:
        assert store.content("GET", path_of(number), auth=store.jenkins).content == jar(f"pushed {number}")
    push(store, 20_000)


def keys(store: Store) -> list[dict[str, str]]:
    held = run(["docker", "exec", store.container("nexus"), "cat", "/nexus-encryption-keys.json"])
    found: list[dict[str, str]] = json.loads(held)["keys"]
    return found


def status(store: Store, login: tuple[str, str]) -> int:
    return store.api("GET", "/v1/status/check", auth=login).status_code


def restore(store: Store, name: str, password: str) -> tuple[int, str]:
    command = ["make", "restore", f"STACK={store.stack}", f"FROM={name}", "FROM_OTHER_STORE=1", "YES=1"]
    return outcome(command, cwd=ROOT, NEXUS_PASSWORD=password)


def test_another_store_s_snapshot_is_refused_or_restored_with_logins(store: Store, place: Path) -> None:
    push(store, 30_000)
    name = backup(store)
    with small_stack("stored") as other:
        other.configure("backup.location", str(place))
        other.configure("backup.keep", "3")
        # Both keys would have the id of a new stack otherwise.
        other.configure("nexus.encryptionKeys[0].id", "own")
        other.make("up")
        started = other.started("nexus")
        own = other.admin
        folder = place / other.container("").rstrip("-")
        folder.mkdir(mode=0o700)
        subprocess.run(["cp", "-a", place / store.container("").rstrip("-") / name, folder], check=True)

        said = refused(other, "restore", FROM=name, YES="1")
        assert f"the snapshot is of another store (stack {store.stack})" in said
        assert "nexus.encryptionKeys: Nexus lacks the key" in said
        assert other.started("nexus") == started

        (key,) = keys(store)
        (mine,) = keys(other)
        for index, each in enumerate((key, mine)):
            other.configure(f"nexus.encryptionKeys[{index}].id", each["id"])
            other.configure_secret(f"nexus.encryptionKeys[{index}].key", each["key"])
        other.make("up")
        code, said = restore(other, name, "not the password of then")
        assert code != 0, said
        assert "the former content comes back" in said
        assert status(other, own) == 200
        assert beside(other) == []

        code, said = restore(other, name, store.admin[1])
        assert code == 0, said
        assert "these users have the passwords of the stack file again: admin, jenkins" in said
        assert status(other, own) == 200
        jenkins = ("jenkins", other.secret("passwords.jenkins"))
        assert other.content("GET", path_of(30_000), auth=jenkins).status_code == 200
        assert other.content("GET", path_of(30_000), auth=own).content == jar("pushed 30000")
        other.make("up")
        code, said = other.preview("--refresh", "--expect-no-changes")
        assert code == 0, said
    assert status(store, store.admin) == 200


def test_a_newer_server_s_snapshot_is_refused(store: Store, place: Path) -> None:
    """The release is what the volume says; the stand-in plays only one release here, so the file is changed."""
    nexus = store.container("nexus")
    file = "/nexus-data/.repository-store-version"
    version = run(["docker", "exec", nexus, "cat", file]).strip()
    run(["docker", "exec", nexus, "sh", "-c", f"echo 3.999.0 >{file}"])
    name = backup(store)  # Nexus writes its own release at its start
    run(["docker", "exec", nexus, "sh", "-c", f"echo {version} >{file}"])
    assert "the snapshot is of a newer Nexus" in refused(store, "restore", FROM=name, YES="1")
