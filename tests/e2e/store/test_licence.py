"""A Nexus that refuses content until its licence agreement is accepted, from the first `up` to the first push.

It is the stand-in under the name of another image: the program accepts nothing for an image that is not its own.
Sonatype's cannot be pulled here; tests/conformance/stand_in/test_licence.py says from which reports the refusals are.
"""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.images import accepting, of_a_licensed_image
from tests.e2e.store.store import ROOT, Store, outcome, run
from tests.support.own_networks import OwnNetwork
from tests.support.real_clients.docker import import_image

REFUSED = "You must accept the End User License Agreement"


@pytest.fixture(scope="module")
def licensed() -> Iterator[Store]:
    network = OwnNetwork("licence")
    with network.made():
        store = Store.on(network)
        with store.running(*of_a_licensed_image()):
            yield store


@pytest.fixture(scope="module")
def pushed(licensed: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """An image to push, and docker's configuration with the login of jenkins, as `docker login` writes it."""
    registry = licensed.outputs["docker_registry"]
    name = import_image(f"{registry}/team/licence:1", b"licence")
    yield name, str(tmp_path_factory.mktemp("docker"))
    run(["docker", "rmi", name])


def answered(store: Store, words: str) -> str:
    """The output of `make up` in a terminal, at which somebody types the words."""
    master, slave = pty.openpty()
    os.write(master, words.encode())
    done = subprocess.run(
        ["make", "up", f"STACK={store.stack}"],
        cwd=ROOT,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    os.close(master)
    os.close(slave)
    return done.stdout


def test_up_without_a_terminal_doctor_and_the_outputs_say_so(licensed: Store) -> None:
    output = licensed.make("up", YES="1")
    assert "nexus.acceptEula: the licence agreement is not accepted" in output
    assert f"Fix: {accepting(licensed)}" in output
    assert output.rindex(accepting(licensed)) < output.index("docker login")
    assert licensed.read_outputs()["eula_accepted"] is False
    code, table = outcome(["make", "doctor", f"STACK={licensed.stack}"])
    assert code
    assert [line for line in table.splitlines() if "licence" in line and accepting(licensed) in line], table
    assert licensed.api("GET", "/v1/system/eula").json()["accepted"] is False


def test_clients_are_told_why_through_nginx(licensed: Store, pushed: tuple[str, str]) -> None:
    path = "maven-releases/org/domain/a/1/a-1.pom"
    refused = licensed.content("PUT", path, auth=licensed.jenkins, data=b"<project/>")
    assert (refused.status_code, refused.text[: len(REFUSED)]) == (403, REFUSED)
    name, configuration = pushed
    registry, (user, password) = licensed.outputs["docker_registry"], licensed.jenkins
    login = ["docker", "login", registry, "--username", user, "--password-stdin"]
    code, output = outcome(login, text=password, DOCKER_CONFIG=configuration)
    assert code
    assert "403 Forbidden" in output
    for words in (("push", name), ("pull", name)):
        code, output = outcome(["docker", *words], DOCKER_CONFIG=configuration)
        assert code
        assert REFUSED in output, output


def test_no_in_a_terminal_leaves_it_and_yes_opens_the_store(licensed: Store, pushed: tuple[str, str]) -> None:
    output = answered(licensed, "\n")
    assert "https://links.sonatype.com/products/nxrm/ce-eula" in output
    assert licensed.api("GET", "/v1/system/eula").json()["accepted"] is False
    answered(licensed, "yes\n")
    assert "acceptEula: true" in Path(licensed.file).read_text()
    assert licensed.read_outputs()["eula_accepted"] is True
    name, configuration = pushed
    registry, (user, password) = licensed.outputs["docker_registry"], licensed.jenkins
    login = ["docker", "login", registry, "--username", user, "--password-stdin"]
    run(login, text=password, DOCKER_CONFIG=configuration)
    run(["docker", "push", name], DOCKER_CONFIG=configuration)
    code, output = licensed.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_a_setting_of_false_takes_nothing_back(licensed: Store) -> None:
    licensed.configure("nexus.acceptEula", "false")
    output = licensed.make("up")
    assert "licence agreement" not in output
    assert licensed.api("GET", "/v1/system/eula").json()["accepted"] is True
    assert licensed.read_outputs()["eula_accepted"] is True
