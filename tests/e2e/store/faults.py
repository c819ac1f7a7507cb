"""Faults of a running store: each context manager causes one and repairs it."""

import fcntl
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.store.store import ROOT, Store, address_of, outcome, run
from tests.support.vanishing import below

HOSTS = Path("/etc/hosts")


HOLDS_THE_LOCK = """
import sys
from cli.stack.lock import StackLock
from cli.stack.stack import Stack
with StackLock(Stack(sys.argv[1]), "backup"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def no_fault(_store: Store) -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def engine(_store: Store) -> Iterator[dict[str, str]]:
    yield {"DOCKER_HOST": "unix:///run/no-engine.sock"}


@contextmanager
def outdated_pulumi(_store: Store) -> Iterator[dict[str, str]]:
    folder = ROOT / ".local" / "old-pulumi"
    folder.mkdir()
    (folder / "pulumi").write_text("#!/bin/sh\necho v3.100.0\n")
    (folder / "pulumi").chmod(0o755)
    try:
        yield {"PATH": f"{folder}:{os.environ['PATH']}"}
    finally:
        shutil.rmtree(folder)


@contextmanager
def port(store: Store) -> Iterator[dict[str, str]]:
    run(["docker", "stop", store.container("nginx")])
    with socket.create_server((store.address, 443)):
        yield {}
    run(["docker", "start", store.container("nginx")])


@contextmanager
def changed(file: Path, text: str) -> Iterator[None]:
    """Rewrites a file that only this store has, and restores it."""
    kept = file.read_bytes()
    file.write_text(text)
    try:
        yield
    finally:
        file.write_bytes(kept)


@contextmanager
def name(store: Store) -> Iterator[dict[str, str]]:
    kept = _edit_hosts(lambda lines: [line for line in lines if store.hostname not in line])
    yield {}
    _edit_hosts(lambda lines: [*lines, *(line for line in kept if store.hostname in line)])


def _edit_hosts(edit: Callable[[list[str]], list[str]]) -> list[str]:
    """Returns the lines before. Holds the lock that ./store takes: tiers run in parallel, and each adds its store."""
    with HOSTS.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.read().splitlines()
        file.seek(0)
        file.write("".join(f"{line}\n" for line in edit(lines)))
        file.truncate()
        return lines


@contextmanager
def trust(store: Store) -> Iterator[dict[str, str]]:
    (certificate,) = Path("/etc/docker/certs.d").glob(f"*/repository-store-{store.stack}.crt")
    with changed(certificate, certificate.read_text().replace("A", "B")):
        yield {}


@contextmanager
def disk(store: Store) -> Iterator[dict[str, str]]:
    inspect = ["docker", "volume", "inspect", "--format", "{{.Mountpoint}}", store.container("nexus-data")]
    filling = Path(run(inspect).strip()) / "filling"
    run(["fallocate", "--length", "1500M", str(filling)])
    yield {}
    filling.unlink()


@contextmanager
def open_files(store: Store) -> Iterator[dict[str, str]]:
    """Lowers Nexus's limit to the number of its open files, which its user may do."""
    processes = run(["docker", "top", store.container("nexus"), "-o", "pid"]).split()[1:]
    opened = {process: sum(1 for _ in below(Path(f"/proc/{process}/fd"))) for process in processes}
    process, used = max(opened.items(), key=lambda each: each[1])
    as_nexus = ["setpriv", "--reuid=200", "--regid=200", "--clear-groups", "prlimit", "--pid", process]
    limit = run([*as_nexus, "--nofile", "--output=SOFT,HARD", "--noheadings", "--raw"]).split()
    run([*as_nexus, f"--nofile={used + 1}:{limit[1]}"])
    yield {}
    run([*as_nexus, f"--nofile={':'.join(limit)}"])


@contextmanager
def lock(store: Store) -> Iterator[dict[str, str]]:
    command = [str(ROOT / ".venv/bin/python"), "-c", HOLDS_THE_LOCK, store.stack]
    holding = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holding.stdout
    assert holding.stdin
    assert holding.stdout.readline() == "held\n"
    yield {}
    holding.stdin.close()
    assert holding.wait(60) == 0


@contextmanager
def state(store: Store) -> Iterator[dict[str, str]]:
    (file,) = (ROOT / ".local/.pulumi/stacks/repository-store").glob(f"{store.stack}.json*[nz]")
    kept = file.read_bytes()
    file.write_bytes(kept[: len(kept) // 2])
    yield {}
    file.write_bytes(kept)


@contextmanager
def drift(store: Store) -> Iterator[dict[str, str]]:
    path = "/v1/repositories/raw/hosted/files"
    before = store.api("GET", path).json()
    assert store.api("PUT", path, json={**before, "storage": {**before["storage"], "writePolicy": "DENY"}}).ok
    yield {}
    assert store.api("PUT", path, json=before).ok


@contextmanager
def password(store: Store) -> Iterator[dict[str, str]]:
    was, other = store.admin, "changed-by-hand"
    path = "/v1/security/users/admin/change-password"
    assert store.api("PUT", path, data=other, headers={"Content-Type": "text/plain"}).ok
    yield {}
    text = {"Content-Type": "text/plain"}
    assert store.api("PUT", path, auth=("admin", other), data=was[1], headers=text).ok


@contextmanager
def task(store: Store) -> Iterator[dict[str, str]]:
    """Runs a compaction that fails on an unreadable folder."""
    assert store.content("PUT", "files/a.txt", auth=store.jenkins, data=b"a").ok
    folder = "/nexus-data/blobs/files/content"
    body = {"name": "by-hand", "type": "blobstore.compact", "enabled": True, "notificationCondition": "FAILURE",
            "frequency": {"schedule": "manual"}, "properties": {"blobstoreName": "files"}}  # fmt: skip
    assert store.api("POST", "/v1/tasks", json=body).ok
    (id_,) = [each["id"] for each in store.api("GET", "/v1/tasks").json()["items"] if each["name"] == "by-hand"]
    run(["docker", "exec", store.container("nexus"), "chmod", "000", folder])
    store.api("POST", f"/v1/tasks/{id_}/run")
    run(["docker", "exec", store.container("nexus"), "chmod", "755", folder])
    yield {}
    assert store.api("DELETE", f"/v1/tasks/{id_}").ok


@contextmanager
def administrator(store: Store) -> Iterator[dict[str, str]]:
    with added_user(store, "mallory", "nx-admin"):
        yield {}


@contextmanager
def addition(store: Store) -> Iterator[dict[str, str]]:
    with added_user(store, "guest", "nx-anonymous"):
        yield {}


@contextmanager
def added_user(store: Store, name: str, role: str) -> Iterator[None]:
    """A user made past the stack."""
    body = {"userId": name, "firstName": "M", "lastName": "M", "emailAddress": "m@domain.org", "password": "by-hand",
            "status": "active", "roles": [role]}  # fmt: skip
    assert store.api("POST", "/v1/security/users", json=body).ok
    yield
    assert store.api("DELETE", f"/v1/security/users/{name}").ok


@contextmanager
def backup(store: Store) -> Iterator[dict[str, str]]:
    place = ROOT / ".local" / "old-backups"
    taken = (datetime.now(UTC) - timedelta(days=9)).strftime("%Y-%m-%dT%H-%M-%SZ")
    (place / f"repository-store-{store.stack}" / taken).mkdir(parents=True)
    kept = store.file.read_text()
    store.configure("backup.location", str(place))
    yield {}
    store.file.write_text(kept)
    shutil.rmtree(place)


@contextmanager
def memory(store: Store) -> Iterator[dict[str, str]]:
    """Runs a process that exceeds the container's memory; the kernel's count of that ends with the container."""
    code, _ = outcome(["docker", "exec", store.container("nexus"), "tail", "/dev/zero"])
    assert code == 137
    yield {}


@contextmanager
def limit(store: Store) -> Iterator[dict[str, str]]:
    """Sends four fifths of a day's requests past nginx, on one connection. They count until the day is over."""
    batch, asked = 1000, b"GET /repository/none/x HTTP/1.1\r\nHost: nexus\r\n\r\n"
    with socket.create_connection((address_of(store.container("nexus")), 8081)) as connection:
        for _ in range(80):
            connection.sendall(asked * batch)
            answers = b""
            while answers.count(b"HTTP/1.1 ") < batch:
                answers += connection.recv(1 << 20)
    yield {}


# By fault: the row of the table, what causes the fault, and the row's text and command.
FAULTS: dict[str, tuple[str, Callable[[Store], object], str, str]] = {
    "the engine is away": ("Docker engine", engine, "none answers at", "make up"),
    "Pulumi is too old": ("Pulumi", outdated_pulumi, "v3.100.0", "install a newer one"),
    "a container is stopped": ("containers", port, "nginx is exited", "make up STACK=doctor"),
    "a port is taken": ("port 443", port, "Address already in use", "./store pulumi config set --stack doctor --path"),
    "the name is gone": ("name", name, "nexus.doctor.test", "sudo ./store trust --stack doctor"),
    "docker trusts another CA": ("trust of docker", trust, "missing:", "sudo ./store trust --stack doctor"),
    "the disk is nearly full": ("disk", disk, "are free", "make storage STACK=doctor CLEAN=1"),
    "files are nearly used up": ("open files", open_files, "Nexus has", "--path nexus.openFiles"),
    "the lock is held": ("lock", lock, "held by backup --stack doctor (process", "kill"),
    "the state is damaged": ("state", state, "cut short", "make up STACK=doctor"),
    "somebody changed the server": ("drift", drift, "files (storage.writePolicy)", "make preview STACK=doctor"),
    "somebody made an administrator": ("administrators", administrator, "mallory", "'unmanaged.users[0]' mallory"),
    "somebody made a user": ("additions", addition, "users.guest", "make report STACK=doctor lists them"),
    "somebody changed the password": ("login", password, "somebody has changed it", "--secret --path passwords.admin"),
    "a task has failed": ("tasks", task, "by-hand", "docker exec repository-store-doctor-nexus ls -t"),
    "the backup is too old": ("backups", backup, "9 days old", "make backup STACK=doctor"),
    "a limit is near": ("limits", limit, "of the 100000 requests in 24 hours", "make limits STACK=doctor"),
    "memory ran out": ("memory", memory, "killed its processes 1 times", "--path nexus.memory 960m"),
}
