"""`make backup` and `make restore` bring content back byte for byte."""

import io
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.e2e.store.store import ROOT, Failed, Store, outcome, run
from tests.support.real_clients.docker import import_image

HELPER = "repository-store-e2e-backup"
ARTIFACT = "org/domain/kept/1.0/kept-1.0.jar"


def jar() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("org/domain/kept", bytes(range(256)) * 4096)
    return made.getvalue()


JAR = jar()


@pytest.fixture
def backed_up(store: Store, tmp_path: Path) -> Iterator[str]:
    """The volume to which the stack file backs the store up during a test."""
    kept = tmp_path / "kept.yaml"
    shutil.copy(store.file, kept)
    volume = "repository-store-e2e-backups"
    store.configure("backup.location", volume)
    store.configure("backup.keep", "2")
    yield volume
    shutil.copy(kept, store.file)
    run(["docker", "volume", "rm", "--force", volume])


def artifact(store: Store, method: str, data: bytes | None = None) -> requests.Response:
    url = f"{store.outputs['url']}/repository/maven-releases/{ARTIFACT}"
    return requests.request(method, url, auth=store.admin, data=data, verify=str(store.ca), timeout=60)


def backup(store: Store) -> str:
    """Makes a snapshot and returns its name."""
    output = store.make("backup")
    return output[output.rindex("FROM=") + len("FROM=") :].split()[0]


def in_volume(volume: str, image: str, script: str) -> str:
    options = ["--rm", "--network", "none", "--mount", f"type=volume,source={volume},target=/backups"]
    return run(["docker", "run", *options, "--entrypoint", "sh", image, "-c", f"cd /backups/*; {script}"])


def test_lost_content_is_restored_from_a_backup(store: Store, docker_login: None, backed_up: str) -> None:
    image = import_image(f"{store.outputs['docker_registry']}/team/backed-up:1", b"backed up")
    run(["docker", "push", image])
    run(["docker", "rmi", image])
    assert artifact(store, "PUT", data=JAR).status_code == 201

    # Deleted by mistake; a second snapshot links to the files of the first one.
    backup(store)
    name = backup(store)
    nginx = store.secret("nginx.image")
    linked = in_volume(
        backed_up,
        nginx,
        f"find {name}/data/blobs -type f -links 2 | wc -l; find {name}/data/db -links +1 -type f | wc -l",
    )
    assert int(linked.split()[0]) >= 2, "blobs are stored once for both snapshots"
    assert linked.split()[1] == "0", "the database is copied again"
    assert artifact(store, "DELETE").status_code == 204
    assert artifact(store, "GET").status_code == 404
    assert "YES=1" in refused(store, FROM=name)
    assert f"FROM={name} restores the last one" in store.make("restore")
    store.make("restore", FROM=name, YES="1")
    assert artifact(store, "GET").content == JAR

    # Lost with the volume.
    run(["docker", "rm", "--force", store.container("nexus")])
    run(["docker", "volume", "rm", store.container("nexus-data")])
    store.make("restore", FROM=name, YES="1")
    store.make("up")
    assert artifact(store, "GET").content == JAR
    run(["docker", "pull", image])
    run(["docker", "rmi", image])
    code, output = store.preview("--refresh", "--expect-no-changes")
    assert code == 0, output

    # Retention, and a snapshot that lost a file.
    last = backup(store)
    assert in_volume(backed_up, nginx, "ls").split() == [name, last]
    in_volume(backed_up, nginx, f"rm {last}/data/.repository-store-instance")
    assert f"the snapshot {last} is damaged" in refused(store, FROM=last, YES="1")
    assert f"allowed {name} {last}" in refused(store, FROM="another")
    assert artifact(store, "GET").content == JAR


def refused(store: Store, target: str = "restore", **variables: str) -> str:
    with pytest.raises(Failed) as failure:
        store.make(target, **variables)
    return str(failure.value)


def test_a_folder_of_the_host_holds_snapshots_for_root_alone(store: Store, backed_up: str, tmp_path: Path) -> None:
    store.configure("backup.location", str(tmp_path))
    name = backup(store)
    assert (tmp_path / store.container("").rstrip("-")).stat().st_mode & 0o777 == 0o700
    (database,) = tmp_path.glob(f"*/{name}/data/db/nexus.db")
    assert (database.stat().st_uid, database.stat().st_mode & 0o777) == (200, 0o600)


def test_a_folder_that_somebody_else_made_is_refused(store: Store, backed_up: str, tmp_path: Path) -> None:
    theirs = tmp_path / store.container("").rstrip("-")
    (theirs / "2026-11-25T10-00-00Z" / "data").mkdir(parents=True)
    (theirs / "2026-11-25T10-00-00Z" / "files").touch()
    os.chown(theirs, 1000, 1000)
    store.configure("backup.location", str(tmp_path))
    for command in ("backup", "restore"):
        assert f"{theirs} is not a folder of root alone" in refused(store, command)
    assert "is not a folder of root alone" in refused(store, FROM="2026-11-25T10-00-00Z", YES="1")


def test_a_failed_backup_leaves_nexus_running(store: Store, backed_up: str) -> None:
    started = store.started("nexus")
    run(["docker", "create", "--name", HELPER, store.secret("nginx.image")])
    try:
        assert f"docker rm --force {HELPER}" in refused(store, "backup")
    finally:
        run(["docker", "rm", HELPER])
    store.configure("backup.location", "/nowhere/on/this/host")
    for command in ("backup", "restore"):
        assert "backup.location: there is no such folder on the docker host" in refused(store, command)
    store.configure("backup.location", "repository-store-e2e-misspelt")
    assert "backup.location: there is no such volume on the docker host" in refused(store, "restore")
    assert "repository-store-e2e-misspelt" not in run(["docker", "volume", "ls"])
    store.unset("backup.keep")
    assert "backup.keep: missing (allowed a whole number from 1" in refused(store, "backup")
    store.unset("backup")
    assert "Fix: ./store pulumi config set --stack e2e --path backup.location" in refused(store, "backup")
    assert store.started("nexus") == started
    assert outcome(["docker", "inspect", HELPER])[0] != 0


def killed_while_nexus_is_stopped(store: Store, *command: str) -> None:
    """Runs a backup or restore and kills it while Nexus is stopped."""
    running = ["docker", "inspect", "--format", "{{.State.Running}}", store.container("nexus")]
    going = subprocess.Popen(["./store", *command, "--stack", store.stack], cwd=ROOT, stderr=subprocess.DEVNULL)
    while run(running).strip() == "true":
        assert going.poll() is None
        time.sleep(0.02)
    going.kill()
    going.wait()
    assert run(running).strip() == "false"


def test_after_a_killed_backup_the_next_command_starts_nexus_again(store: Store, backed_up: str) -> None:
    killed_while_nexus_is_stopped(store, "backup")
    output = store.make("backup")
    assert "an earlier backup of the stack e2e was killed (process " in output
    assert "Nexus serves again" in output
    assert store.api("GET", "/v1/status/writable").ok
    assert len(in_volume(backed_up, store.secret("nginx.image"), "ls").split()) == 1, "a half snapshot is none"


def test_after_a_killed_restore_the_next_command_completes_it_and_starts_nexus(store: Store, backed_up: str) -> None:
    assert artifact(store, "PUT", data=JAR).status_code in (201, 400)  # the file may exist
    name = backup(store)
    killed_while_nexus_is_stopped(store, "restore", "--from", name, "--yes")
    output = store.make("up")
    assert "an earlier restore of the stack e2e was killed (process " in output
    assert artifact(store, "GET").content == JAR
    assert outcome(["docker", "inspect", HELPER])[0] != 0
