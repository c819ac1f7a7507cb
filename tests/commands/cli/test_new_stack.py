"""`new-stack` refuses mistakes, and can be interrupted at any step and run again."""

import signal
import socket
import time

import pytest

from tests.commands.cli.project import Project

WRONG = {
    "no name": ([""], "NAME: not a stack name (got ''; allowed letters, digits, _, . and -). Fix: "),
    "two words": (["My Store"], "NAME: not a stack name (got 'My Store'; allowed "),
    "a path": (["../trial"], "NAME: not a stack name (got '../trial'; allowed "),
    "one of git's": (
        ["production"],
        "NAME: stacks/Pulumi.production.yaml is in git and deployed as docs/environments.md",
    ),
    "a key without a value": (["trial", "--set", "hostname"], "SET: not a setting (got 'hostname'; allowed KEY=VALUE "),
    "a value that was split": (
        ["trial", "--set", "tls.organization=Our", "--set", "=Team"],
        "SET: not a setting (got '=T",
    ),
}
PAIRS = ["--set", "hostname=nexus.trial.test", "--set", "address=198.18.1.1", "--set", "tls.organization=Our Team"]
STEPS = 7  # calls of Pulumi: the stack, the settings, four passwords, the encryption key


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_and_nothing_is_created(mistake: str, project: Project) -> None:
    arguments, message = WRONG[mistake]
    done = project.run("new-stack", *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(message)
    assert ". Fix: make new-stack NAME=trial SET=" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (project.root / ".local").exists()
    assert project.calls == []


def test_passwords_are_in_no_argument_and_values_may_have_spaces(project: Project) -> None:
    done = project.run("new-stack", "trial", *PAIRS)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "creating stacks/Pulumi.trial.yaml ...\nnext: make up STACK=trial\n"
    assert len(project.calls) == STEPS
    file = project.stack_file("trial").read_text()
    assert "# tls.organization=Our Team\n" in file
    assert file.count("=secure:32\n") == 5
    passphrase = project.root / ".local" / "passphrase"
    assert passphrase.stat().st_mode & 0o777 == 0o600
    assert not any(passphrase.read_text().strip() in " ".join(call) for call in project.calls)


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_after_a_failure_at_any_step_the_same_command_continues(step: int, project: Project) -> None:
    failed = project.run("new-stack", "trial", *PAIRS, FAIL_AT=str(step))
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].endswith(": out of luck")
    whole(project)


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_after_a_kill_at_any_step_up_completes_the_stack(step: int, project: Project) -> None:
    """The kill also ends Pulumi, in the middle of its work."""
    command = project.start("new-stack", "trial", *PAIRS, HANG_AT=str(step))
    while len(project.calls) < step:
        assert command.poll() is None
        time.sleep(0.01)
    command.send_signal(signal.SIGKILL)
    command.communicate()
    assert project.run("up", "--stack", "trial").returncode != 0  # since there is no engine
    whole(project)


def whole(project: Project) -> None:
    """Running the command again leaves one file with everything once, and no temporary files."""
    done = project.run("new-stack", "trial")
    assert done.returncode == 0, done.stderr
    file = project.stack_file("trial").read_text()
    for line in ("encryptionsalt: v1:salt", "# hostname=nexus.trial.test", "# tls.organization=Our Team"):
        assert line in file.splitlines()
    for user in ("admin", "jenkins", "ci-pull", "ci-push"):
        assert f"# passwords.{user}=secure:32\n" in file
    assert list((project.root / ".local" / "unfinished").iterdir()) == []


def test_a_lost_passphrase_is_not_replaced_while_secrets_need_it(project: Project) -> None:
    assert project.run("new-stack", "trial", *PAIRS).returncode == 0
    kept = project.stack_file("trial").read_text()
    (project.root / ".local" / "passphrase").unlink()
    for command in (["new-stack", "trial"], ["new-stack", "other", *PAIRS]):
        done = project.run(*command)
        assert done.returncode == 1
        assert ".local/passphrase: it is missing, and nothing else decrypts the secrets of stacks/Pul" in done.stderr
        assert "Fix: restore .local/passphrase from your backup of .local (docs/lost-local.md" in done.stderr
        assert not (project.root / ".local" / "passphrase").exists()
    assert project.stack_file("trial").read_text() == kept


def test_a_stack_file_without_its_state_and_passphrase_is_not_changed(project: Project) -> None:
    """.local was deleted: the file may have the passwords of an existing store."""
    project.stack_file("local").write_text("config:\n  repository-store:passwords:\n    admin:\n      secure: v1:x\n")
    done = project.run("up")
    assert done.returncode == 1
    assert "decrypts the secrets of stacks/Pulumi.local.yaml and the state in .local" in done.stderr
    assert not (project.root / ".local" / "passphrase").exists()


def own_address() -> str:
    """An address of this machine from its routes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


def test_the_address_is_one_of_this_host(project: Project) -> None:
    """Without docker0 the stack gets its own network, whose gateway is an address of this host."""
    docker = """#!/bin/sh
case "$*" in
"version"*) echo '{"Version": "29.0.0"}' ;;
*"com.docker.network.bridge.name"*) exit 1 ;;
"network create "*) echo made >>made ;;
"network inspect "*) [ -e made ] && echo {address} ;;
*) exit 1 ;;
esac
"""
    address = own_address()
    project.play("docker", docker.replace("{address}", address))
    done = project.run("new-stack", "trial")
    assert done.returncode == 0, done.stderr
    file = project.stack_file("trial").read_text()
    assert f"# address={address}\n# nginx.bindAddress={address}\n" in file
    assert "172.17.0.1" not in file


def test_without_an_engine_nothing_is_created(project: Project) -> None:
    done = project.run("new-stack", "trial")
    assert done.returncode == 1
    assert "DOCKER_HOST" in done.stderr.splitlines()[-1], done.stderr
    assert not project.stack_file("trial").exists()
    assert not (project.root / ".local" / "unfinished").exists()
    assert project.calls == []


def test_an_interrupted_stack_for_an_external_nexus_needs_no_engine(project: Project) -> None:
    failed = project.run("new-stack", "theirs", "--set", "nexus.url=https://nexus.example.org", FAIL_AT="1")
    assert failed.returncode == 1
    project.stack_file("theirs").unlink()
    again = project.run("new-stack", "theirs")
    assert again.returncode == 0, again.stderr
    assert "# nexus.url=https://nexus.example.org\n" in project.stack_file("theirs").read_text()
