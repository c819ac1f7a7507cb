"""Every command succeeds when it is run again after Ctrl-C or kill -9."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.fresh.conftest import CACHE, MakeMachine
from tests.e2e.fresh.machine.machine import Machine
from tests.e2e.fresh.store import assert_plain, containers, left_behind, outputs, push_and_pull

PULUMI = r"pulumi\S* .*\b(stack|config|up|destroy)\b"
TRIAL = 'make new-stack NAME=trial SET="hostname=nexus.trial.test nginx.httpsPort=8443 nginx.httpPort=8080"'


@pytest.fixture(scope="module")
def machine(make_machine: MakeMachine) -> Iterator[Machine]:
    """A machine with a running store that holds a large image and keeps its snapshots on the machine."""
    with make_machine("interrupted") as machine:
        backup = "backup.location=/srv/snapshots backup.keep=3"
        machine.run(f"mkdir /srv/snapshots && make new-stack NAME=local SET='{backup}'")
        machine.run("make up")
        push_and_pull(machine)
        machine.run(
            "head --bytes 200M /dev/urandom >/srv/random && tar --create --directory /srv random"
            " | docker import - nexus.store.test/team/large:1 && docker push nexus.store.test/team/large:1"
            " && docker rmi nexus.store.test/team/large:1"
        )
        yield machine


def cut_off(machine: Machine, line: str, process: str) -> None:
    """Interrupts the command with Ctrl-C as soon as the process runs, and kills another at the same step."""
    with machine.start(line) as command:
        command.wait_for_process(process)
        assert command.interrupt()
        assert_plain(command.output)
    with machine.start(line) as command:
        command.wait_for_process(process)
        command.kill()
    machine.say(f"         {line}, interrupted and killed at {process}")


def test_make_up_ignores_the_lock_of_a_killed_one(machine: Machine) -> None:
    before = containers(machine)
    cut_off(machine, "make up", r"pulumi\S* .*\bup\b")
    machine.run("make up")
    assert containers(machine) == before


def test_of_two_make_up_at_once_the_second_waits_or_ends(machine: Machine) -> None:
    """The second one names the command that holds the lock, and waits or ends."""
    with machine.start("make up") as one:
        one.wait_for_process(r"pulumi\S* .*\bup\b")
        code, output = machine.outcome("make up")
        assert one.wait() == 0, one.output
    assert_plain(output)
    assert re.search(r"\bup\b.*process \d+", output), output
    assert code == 0 or "Fix: " in output, output


def test_make_new_stack_completes_an_interrupted_one(machine: Machine) -> None:
    cut_off(machine, TRIAL, PULUMI)
    machine.run(TRIAL)
    assert "hostname: nexus.trial.test" in machine.path(f"{machine.checkout}/stacks/Pulumi.trial.yaml").read_text()
    assert re.search(r"preview: create \d+", machine.run("make preview STACK=trial"))


def test_a_stack_of_this_machine_ignores_a_passphrase_in_the_environment(machine: Machine) -> None:
    machine.run(
        'make new-stack NAME=other SET="hostname=nexus.other.test"', environment={"PULUMI_CONFIG_PASSPHRASE": "another"}
    )
    assert machine.run("./store pulumi config get --stack other --path passwords.admin").strip()


def test_a_wrong_passphrase_is_reported(machine: Machine) -> None:
    machine.run("mv .local/passphrase .local/kept && echo wrong >.local/passphrase")
    code, output = machine.outcome("make up")
    machine.run("mv .local/kept .local/passphrase")
    assert code, output
    assert_plain(output)
    assert "passphrase" in output
    machine.run("make up")


def test_a_deleted_or_damaged_virtualenv_is_made_again(machine: Machine) -> None:
    machine.run("rm -rf .venv")
    assert outputs(machine)["url"]
    machine.run("rm -rf .venv/lib .venv/bin/python")
    assert outputs(machine)["url"]


def test_an_unfinished_or_damaged_toolchain_is_replaced(machine: Machine) -> None:
    """The leftovers of a killed build are removed; a damaged toolchain is assembled again."""
    whole = machine.run("ls -d toolchain-*", folder=CACHE).strip()
    half = f"{whole}.unfinished-x1y2z3"
    for damage in (f"mv {whole} {half} && rm {half}/bin/pulumi", f"rm {whole}/bin/pulumi"):
        machine.run(damage, folder=CACHE)
        assert outputs(machine)["url"]
        assert machine.run("ls -d toolchain-*", folder=CACHE).strip() == whole


def test_make_backup_succeeds_after_an_interrupted_one(machine: Machine) -> None:
    cut_off(machine, "make backup", r"^sleep infinity|tar --create")
    machine.run("make backup")
    machine.run("make preview")
    push_and_pull(machine)


def test_make_restore_succeeds_after_an_interrupted_one(machine: Machine) -> None:
    snapshot = sorted(machine.run("ls /srv/snapshots/repository-store-local").split())[-1]
    line = f"make restore FROM={snapshot} YES=1"
    cut_off(machine, line, r"^sleep infinity|tar --extract")
    machine.run(line)
    machine.run("make up")
    push_and_pull(machine)


def test_make_down_completes_an_interrupted_one(machine: Machine) -> None:
    cut_off(machine, "make down YES=1", r"pulumi\S* .*\bdestroy\b")
    machine.run("make down YES=1")
    assert left_behind(machine) == []
