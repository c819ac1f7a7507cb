"""Real faults of a running store: `make doctor` names each with the command that fixes it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.store.faults import FAULTS
from tests.e2e.store.small_store import make_stack
from tests.e2e.store.store import ROOT, Store, outcome, run
from tests.support.own_networks import OwnNetwork

NETWORK = OwnNetwork("doctor")


# Small, so that it is soon full.
MEMORY = {"nexus.heap": "64m", "nexus.directMemory": "64m", "nexus.memory": "640m"}


IMAGES = {
    "blobStores.images.onDelete": "keep",
    "repositories.images.format": "docker",
    "repositories.images.type": "hosted",
    "repositories.images.storage.blobStoreName": "images",
    "repositories.images.docker.httpPort": "5000",
}


DISK = ("--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=2g,uid=200,gid=200,mode=0755")


@dataclass(frozen=True)
class Table:
    """The table of `make doctor`."""

    code: int
    text: str

    @property
    def rows(self) -> dict[str, tuple[bool, str]]:
        """By the first column of a row: whether it is good, and the line."""
        lines = [line for line in self.text.splitlines() if line[:1] in "✓✗"]
        return {re.split(r"\s{2,}", line[1:].strip())[0]: (line[0] == "✓", line) for line in lines if line}

    @property
    def wrong(self) -> dict[str, str]:
        return {what: line for what, (is_well, line) in self.rows.items() if not is_well}


@pytest.fixture(scope="module")
def small() -> Iterator[Store]:
    """A store with a small disk and little memory, and with backups and tasks."""
    made = Store.on(NETWORK)
    volume = made.container("nexus-data")
    with NETWORK.made():
        run(["docker", "volume", "create", *DISK, volume])
        make_stack(made)
        try:
            for key, value in MEMORY.items():
                made.configure(key, value)
            made.configure("retain[0]", "nexus-data")
            for path, value in IMAGES.items():
                made.configure(path, value)
            made.make("up")
            yield made
        finally:
            made.make("down", YES="1")
            made.forget()
            run(["docker", "volume", "rm", volume])


def examined(store: Store, *before: str, **environment: str) -> Table:
    done = outcome([*before, "./store", "doctor", "--stack", store.stack], cwd=ROOT, **environment)
    return Table(*done)


def test_a_healthy_store_needs_no_command(small: Store) -> None:
    table = examined(small)
    assert table.wrong == {}, table.text
    assert table.code == 0
    assert {
        "containers",
        "certificate",
        "clock",
        "memory",
        "open files",
        "tasks",
        "limits",
        "drift",
        "additions",
        "policies",
    } <= table.rows.keys()


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_row_and_its_command(fault: str, small: Store) -> None:
    row, plant, detail, fix = FAULTS[fault]
    secrets = [small.secret(f"passwords.{user}") for user in ("admin", "jenkins")]
    with ExitStack() as planted:
        environment: dict[str, str] = planted.enter_context(plant(small))  # type: ignore[arg-type]
        table = examined(small, **environment)
    assert table.code == 1
    assert detail in table.wrong[row], table.text
    assert fix in table.wrong[row].partition(detail)[2]
    assert [secret for secret in secrets if secret in table.text] == []


def test_a_wrong_clock_is_reported(small: Store) -> None:
    table = examined(small, "faketime", "-f", "+10m")
    assert "ahead of the store" in table.wrong["clock"]
    assert "timedatectl" in table.wrong["clock"]


def test_an_expiring_certificate_and_a_policy_violation_are_reported(small: Store) -> None:
    """The certificate expires soon, and two repositories share a blob store, which a policy forbids."""
    kept = small.file.read_text()
    small.configure("tls.validityDays", "13")
    small.configure("tls.renewBeforeDays", "1")
    for path, value in (("format", "raw"), ("type", "hosted"), ("storage.blobStoreName", "files")):
        small.configure(f"repositories.beside.{path}", value)
    small.make("up")
    wrong = examined(small).wrong
    assert "for 12 more days" in wrong["certificate"]
    assert "make up STACK=doctor" in wrong["certificate"]
    assert "own-blob-store" in wrong["policies"]
    assert "make up STACK=doctor" in wrong["policies"]
    small.file.write_text(kept)
    small.make("up")
    left = examined(small).wrong
    assert not {"certificate", "policies"} & left.keys(), left


def test_the_named_commands_fix_the_store(small: Store) -> None:
    """Only the commands that need no editing."""
    run(["docker", "stop", small.container("nginx")])
    (certificate,) = Path("/etc/docker/certs.d").glob(f"*/repository-store-{small.stack}.crt")
    certificate.unlink()
    assert {"containers", "store", "trust of docker"} <= examined(small).wrong.keys()
    run(["./store", "trust", "--stack", small.stack])
    small.make("up")
    assert set(examined(small).wrong) <= {"memory", "limits"}  # counted by the kernel and by Nexus
