"""The local store as a user of a fresh machine sees it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.fresh.machine.machine import ROOT_USER, Machine, User

FRESH_PROGRAMS = ("mmdebstrap", "slirp4netns", "unshare", "nsenter", "ip", "git")
HOSTNAME = "nexus.store.test"
IMAGE = "repository-store-fresh:1"


def outputs(machine: Machine, user: User = ROOT_USER) -> dict[str, Any]:
    """The outputs, as `make outputs` prints them on standard output for other programs."""
    output = machine.run("make outputs SECRETS=1 2>/dev/null", user)
    found: dict[str, Any] = json.loads(output)
    return found


def push_and_pull(machine: Machine, user: User = ROOT_USER, folder: str | None = None) -> None:
    """Logs in, pushes and pulls by the machine's docker, whose daemon verifies the store's certificate.

    Raises:
        Failed: one of the commands failed.
    """
    registry = f"{HOSTNAME}/team/app:1"
    for line in (
        f"tar --create --directory /etc hostname | docker import - {registry}",
        "./store pulumi stack output --stack local --show-secrets jenkins_password"
        f" | docker login {HOSTNAME} --username jenkins --password-stdin",
        f"docker push {registry} && docker rmi {registry} && docker pull {registry} && docker rmi {registry}",
    ):
        machine.run(line, user, folder)


def left_behind(machine: Machine) -> list[str]:
    """Everything of a store that is left on the machine, by kind and name."""
    output = machine.run(
        "docker ps --all --format 'container {{.Names}}'; docker volume ls --format 'volume {{.Name}}';"
        " docker network ls --format 'network {{.Name}}'; docker images --format 'image {{.Repository}}';"
        " cat /etc/hosts; ls -R /etc/docker/certs.d 2>/dev/null"
    )
    return [line for line in output.splitlines() if re.search(r"repository-store[-/ ]|nexus", line)]


def containers(machine: Machine) -> str:
    """The containers with their start times; equal as long as none was recreated or restarted."""
    template = "{{.Name}} {{.Id}} {{.State.StartedAt}}"
    listed = "docker ps --all --quiet --filter name=repository-store-"
    return machine.run(f"{listed} | xargs docker inspect --format '{template}'")


def assert_plain(output: str) -> None:
    """Fails if the output shows internals of the program to the user."""
    for word in (
        "Traceback (most recent call last)",
        "unbound variable",
        "command not found",
        "No such file or directory: '",
    ):
        assert word not in output, output


@contextmanager
def running_engine(machine: Machine) -> Iterator[None]:
    """Runs dockerd inside the block."""
    with machine.start("dockerd", folder="/") as engine:
        engine.wait_for_words("API listen on /var/run/docker.sock")
        yield
