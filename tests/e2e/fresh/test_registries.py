"""If a pull fails although the registry answers, `make up` ends and the stack file stays unchanged."""

from collections.abc import Iterator

import pytest

from tests.e2e.fresh.conftest import MakeMachine
from tests.e2e.fresh.machine.machine import Machine
from tests.e2e.fresh.store import assert_plain

PORT = 5000
IMAGE = f"localhost:{PORT}/team/image:1"


@pytest.fixture(scope="module")
def machine(make_machine: MakeMachine) -> Iterator[Machine]:
    """A machine with a stack that names the image to pull; Docker's disk is too small for it."""
    with make_machine("registries", mounts=[("docker", "/var/lib/docker", "tmpfs", "size=100m")]) as machine:
        machine.run(f"make new-stack NAME=local SET=nexus.image={IMAGE}")
        yield machine


def stack_file(machine: Machine) -> str:
    return machine.path(f"{machine.checkout}/stacks/Pulumi.local.yaml").read_text()


def refused(machine: Machine, answer: str) -> str:
    """Runs a `make up` that fails because of the registry's answer, and returns its output."""
    before = stack_file(machine)
    with machine.start(f"python3 /srv/inside/registry.py {PORT} {answer}") as registry:
        registry.wait_for_words("listening")
        code, output = machine.outcome("make up")
        registry.kill()
    assert code, output
    assert_plain(output)
    assert "stand-in" not in output, output
    assert stack_file(machine) == before
    assert machine.run("docker ps --all --quiet") == ""
    return output


def test_a_rate_limit_ends_make_up(machine: Machine) -> None:
    output = refused(machine, "429").lower()
    assert "toomanyrequests" in output
    assert "docker login" in output


def test_a_missing_login_ends_make_up(machine: Machine) -> None:
    output = refused(machine, "401")
    assert "no basic auth credentials" in output
    assert "docker login" in output


def test_a_failing_registry_ends_make_up(machine: Machine) -> None:
    assert "500 Internal Server Error" in refused(machine, "500")


def test_a_full_disk_ends_make_up(machine: Machine) -> None:
    assert "no space left on device" in refused(machine, "image")


def test_with_kind_sonatype_make_up_ends_if_no_registry_answers(machine: Machine) -> None:
    machine.run("./store pulumi config set --stack local --path nexus.kind sonatype")
    code, output = machine.outcome("make up")
    assert code, output
    assert "connection refused" in output
    assert "kind: sonatype" in stack_file(machine)
    machine.run("./store pulumi config rm --stack local --path nexus.kind")


def test_the_stack_gets_a_stand_in_only_if_no_registry_answers(machine: Machine) -> None:
    machine.resize("/var/lib/docker", "2g")
    assert "stand-in" in machine.run("make up")
    assert "kind: stand-in" in stack_file(machine)
