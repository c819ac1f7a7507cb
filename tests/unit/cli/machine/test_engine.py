"""An unusable engine is one line with a fix, before anything is created."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.machine import apt, engine
from cli.machine.engine import engine_steps

ENGINE = {"Version": "28.2.2", "Components": [{"Name": "Engine", "Version": "28.2.2"}]}
COMMAND = """#!/bin/sh
case "$1" in
--version) echo "{says}" ;;
version) [ -n '{server}' ] || {{ echo '{complaint}' >&2; exit 1; }}; echo '{server}' ;;
info) echo '{security}' ;;
esac
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty PATH, and an ordinary user without an engine's socket."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "no-docker"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("REPOSITORY_STORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    monkeypatch.setattr(os, "getuid", lambda: 4321)
    monkeypatch.setattr(engine, "_SOCKET", tmp_path / "docker.sock")
    monkeypatch.setattr(engine, "_has_systemd", lambda: True)
    monkeypatch.setattr(apt, "_which", lambda command: None)
    return tmp_path


def docker(
    folder: Path,
    server: object = None,
    says: str = "Docker version 28.2.2, build 1",
    security: str = "[]",
    complaint: str = "",
) -> None:
    played = json.dumps(server) if server else ""
    program(folder / "docker", COMMAND.format(says=says, server=played, security=security, complaint=complaint))


def program(path: Path, text: str = "#!/bin/sh\n") -> None:
    path.write_text(text)
    path.chmod(0o755)


def refusal(host: str | None = None) -> str:
    with pytest.raises(CommandError) as error:
        engine_steps(host)
    message = str(error.value)
    assert "\n" not in message
    assert ". Fix: " in message
    return message


def test_a_running_engine_needs_nothing(folder: Path) -> None:
    docker(folder, ENGINE)
    assert engine_steps(None) == []


def test_an_old_engine_is_refused(folder: Path) -> None:
    docker(folder, {"Version": "19.03.15"})
    assert "too old (got 19.03.15; allowed Docker Engine 20.10 or newer)" in refusal()


def test_a_docker_command_that_the_engine_refuses_is_named() -> None:
    """The words of Docker Engine 29.0, whose MinAPIVersion is 1.44 (moby's daemon/server/middleware/version.go)."""
    docker_folder = Path(os.environ["PATH"])
    words = "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client"
    docker(docker_folder, complaint=f"Error response from daemon: {words} to a newer version")
    assert refusal().startswith(
        "docker: the docker command on this machine is too old for the engine at unix:///var/run/docker.sock "
        "(got API 1.41; allowed API 1.44 or newer). Fix: "
    )


def test_an_engine_is_refused_that_demands_more_than_the_plugin_speaks(folder: Path) -> None:
    docker(folder, ENGINE | {"MinAPIVersion": "1.44"})
    assert engine_steps(None) == []
    docker(folder, ENGINE | {"MinAPIVersion": "1.50"})
    assert "(got API 1.50 or newer; allowed API 1.44). Fix: install Pulumi" in refusal()
    program(folder / "pulumi")
    assert engine_steps(None) == []


@pytest.mark.parametrize("version", ["20.10.24+dfsg1", "28.2.2", "29.0.0-rc.1"])
def test_newer_engines_are_accepted(folder: Path, version: str) -> None:
    docker(folder, {"Version": version})
    assert engine_steps(None) == []


def test_podman_as_the_engine_is_refused(folder: Path) -> None:
    docker(folder, {"Version": "4.3.1", "Components": [{"Name": "Podman Engine", "Version": "4.3.1"}]})
    assert "Podman answers instead of Docker (got Podman 4.3.1" in refusal()


def test_podmans_docker_command_is_refused(folder: Path) -> None:
    docker(folder, ENGINE, says="podman version 4.3.1")
    assert "apt-get remove podman-docker" in refusal()


@pytest.mark.parametrize(("first", "works"), [("1024", False), ("80", True)])
def test_a_rootless_engine_needs_access_to_the_stores_ports(
    folder: Path, monkeypatch: pytest.MonkeyPatch, first: str, works: bool
) -> None:
    (folder / "first").write_text(first)
    monkeypatch.setattr(engine, "_PORTS", folder / "first")
    docker(folder, ENGINE, security='["name=seccomp,profile=builtin","name=rootless"]')
    if works:
        assert engine_steps(None) == []
    else:
        assert "sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80" in refusal()


def test_without_docker_a_user_gets_the_command_to_install_it(folder: Path) -> None:
    message = refusal()
    assert "there is no docker command on this machine" in message
    assert "sudo apt-get install docker.io iptables && sudo usermod -aG docker 4321" in message


def test_podman_without_docker_is_refused(folder: Path) -> None:
    program(folder / "podman")
    assert "Podman is no Docker Engine" in refusal()


def test_a_user_outside_of_group_docker_gets_the_command_to_join(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker(folder)
    (folder / "docker.sock").touch()
    monkeypatch.setattr(engine, "_is_writable", lambda path: False)
    monkeypatch.setenv("USER", "builder")
    assert "user builder may not use" in refusal()
    assert refusal().endswith("Fix: sudo usermod -aG docker builder, then log in again")


def test_only_root_can_start_a_stopped_engine(folder: Path) -> None:
    docker(folder)
    assert refusal().endswith("Fix: sudo systemctl enable --now docker")


@pytest.mark.parametrize("host", [None, "tcp://192.0.2.7:2376"])
def test_a_remote_engine_is_not_started(folder: Path, monkeypatch: pytest.MonkeyPatch, host: str | None) -> None:
    docker(folder)
    if not host:
        monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.7:2376")
    message = refusal(host)
    assert "no engine answers at tcp://192.0.2.7:2376" in message
    assert ("unset DOCKER_HOST" in message) is (host is None)


def test_for_root_the_engine_is_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(folder / "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert [step.name for step in engine_steps(None)] == [engine.STEP]


def test_without_apt_root_gets_the_missing_programs_with_their_purpose(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "iptables (dockerd publishes ports and separates networks with it)" in refusal()


def test_a_remote_engine_must_answer(folder: Path) -> None:
    """What docker 28.2 prints; tests/integration/programs/test_engine.py asks the real command."""
    connect = "ssh: connect to host 127.0.0.1 port 1: Connection refused"
    docker(folder, complaint=f"error during connect: command [ssh] has exited with exit status 255, stderr={connect}")
    message = refusal("ssh://nobody@127.0.0.1:1")
    assert message.startswith(f"docker.host: the engine does not answer: {connect}")
    assert "(got ssh://nobody@127.0.0.1:1; allowed a host with Docker" in message


def test_a_terminating_daemon_is_waited_for_and_a_reused_pid_is_ignored(tmp_path: Path) -> None:
    """A terminating dockerd keeps its pid file until its containers have stopped."""
    file = tmp_path / "docker.pid"
    with subprocess.Popen(["/bin/sleep", "1"]) as ending:
        file.write_text(str(ending.pid))
        engine._remove_stale_pid_file("sleep", file)
        assert ending.poll() == 0
    assert not file.exists()
    file.write_text(str(os.getpid()))
    engine._remove_stale_pid_file("dockerd", file)
    assert not file.exists()
