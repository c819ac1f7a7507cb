"""Users other than root: `make up` prints the commands that need root, and refuses in one line what cannot work."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.fresh.conftest import BUNDLE, IMAGES, MakeMachine
from tests.e2e.fresh.machine.machine import Machine, User
from tests.e2e.fresh.store import assert_plain, left_behind, push_and_pull, running_engine

DOCKER = "docker"
PROGRESS = re.compile(r" \.\.\.$|: done$")
BUILDER = User(1000, "/home/builder", "builder", ("1000", DOCKER))
OUTSIDER = User(1000, "/home/builder", "builder", ("1000",))
NAMELESS = User(4321, "/home/nameless", "", (DOCKER,))
LOAD_IMAGES = f"for archive in {IMAGES}/*; do docker load --input $archive || exit; done"


def give_home(machine: Machine, user: User) -> None:
    """Makes a home with a clone, and with warm caches so that nothing is built."""
    cache = f"{user.home}/.cache"
    machine.run(f"mkdir -p {cache} && cp -a /srv/cache {cache}/repository-store", folder="/")
    give_clone(machine, user)


def give_clone(machine: Machine, user: User) -> None:
    machine.run(f"mkdir -p {user.home} && chown -R {user.uid}:{user.uid} {user.home}", folder="/")
    machine.run(f"git clone --quiet {BUNDLE} {user.home}/repository-store", user, folder=user.home)


@pytest.fixture(scope="module")
def machine(make_machine: MakeMachine) -> Iterator[Machine]:
    with make_machine("users") as machine, running_engine(machine):
        machine.run("useradd --create-home --uid 1000 builder", folder="/")
        give_home(machine, BUILDER)
        give_home(machine, NAMELESS)
        yield machine


def needs_root(output: str) -> list[str]:
    """The printed commands that need root."""
    return re.findall(r"(?:^|: )([^:\n]*\bsudo .*)$", output, re.M)


def test_a_user_in_group_docker_gets_a_store_and_the_commands_that_need_root(machine: Machine) -> None:
    folder = f"{BUILDER.home}/repository-store"
    machine.run(LOAD_IMAGES, BUILDER, folder)
    commands = needs_root(machine.run("make up", BUILDER, folder))
    assert commands
    machine.run(
        "apt-get update && apt-get install --yes --no-install-recommends sudo"
        " && echo 'builder ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/builder"
    )
    for command in commands:
        machine.run(command, BUILDER, folder)
    push_and_pull(machine, BUILDER, folder)
    assert needs_root(machine.run("make up", BUILDER, folder)) == []
    for command in needs_root(machine.run("make down YES=1", BUILDER, folder)):
        machine.run(command, BUILDER, folder)
    assert left_behind(machine) == []


def test_a_uid_without_a_name_gets_a_store(machine: Machine) -> None:
    folder = f"{NAMELESS.home}/repository-store"
    machine.run(LOAD_IMAGES, NAMELESS, folder)
    assert "The store is at" in machine.run("make up", NAMELESS, folder)
    machine.run("make down", NAMELESS, folder)


def refused(machine: Machine, user: User, folder: str, **environment: str) -> str:
    """Runs a `make up` that is refused before it creates anything, and returns its one line."""
    code, output = machine.outcome("make up", user, folder, environment)
    assert code, output
    assert_plain(output)
    assert not machine.path(f"{folder}/stacks/Pulumi.local.yaml").exists(), output
    lines = [
        line for line in output.splitlines() if line and not line.startswith("make:") and not PROGRESS.search(line)
    ]
    assert len(lines) == 1, output
    assert "Fix: " in lines[0]
    return lines[0]


@pytest.mark.parametrize(
    ("kind", "problem"), [("old", r"19\.03.*20\.10"), ("rootless", "rootless"), ("podman", "[Pp]odman")]
)
def test_an_engine_that_cannot_run_the_store_is_refused(machine: Machine, kind: str, problem: str) -> None:
    machine.run("rm -rf .local stacks/Pulumi.local.yaml", BUILDER, f"{BUILDER.home}/repository-store")
    socket = f"/tmp/{kind}.sock"
    with machine.start(f"python3 /srv/inside/engine.py {socket} {kind}") as engine:
        engine.wait_for_words("listening")
        output = refused(machine, BUILDER, f"{BUILDER.home}/repository-store", DOCKER_HOST=f"unix://{socket}")
    assert re.search(problem, output)


def test_a_user_outside_of_group_docker_gets_the_command_to_join_it(machine: Machine) -> None:
    machine.run("rm -rf .local stacks/Pulumi.local.yaml", BUILDER, f"{BUILDER.home}/repository-store")
    output = refused(machine, OUTSIDER, f"{BUILDER.home}/repository-store")
    assert "usermod -aG docker builder" in output


def test_without_docker_the_error_for_an_ordinary_user_names_it(make_machine: MakeMachine) -> None:
    with make_machine("no-docker", engine_installed=False) as machine:
        machine.run("useradd --create-home --uid 1000 builder", folder="/")
        # podman is not accepted as docker
        machine.run("printf '#!/bin/sh\\necho podman version 4.3.1\\n' >/usr/bin/podman && chmod 755 /usr/bin/podman")
        give_clone(machine, OUTSIDER)
        assert "docker" in refused(machine, OUTSIDER, f"{OUTSIDER.home}/repository-store")


def test_without_venv_the_error_names_its_debian_package(make_machine: MakeMachine) -> None:
    with make_machine("no-venv", engine_installed=False) as machine:
        machine.run("dpkg --purge python3-venv python3.11-venv && rm -rf .venv && git clean -fdxq")
        assert "python3-venv" in refused(machine, User(), machine.checkout)
