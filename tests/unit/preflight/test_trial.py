"""A container that the engine cannot start is reported before the running one is removed."""

import json
from pathlib import Path
from typing import Any

import pytest

from preflight.trial import Port, Trial, trial_problem
from tests.support.played_docker import play_docker

NAME, IMAGE = "repository-store-trial-nginx", "sha256:new"
DOCKER = """#!/bin/sh
case "$*" in
"container inspect repository-store-trial-nginx") cat "$FOLDER/running" ;;
"container inspect "*) cat "$FOLDER/everything" ;;
"ps --quiet") echo one two ;;
run*) echo "$@" >"$FOLDER/ran"; cat "$FOLDER/complaint" >&2; [ ! -s "$FOLDER/complaint" ] ;;
esac
"""
RUNNING: dict[str, Any] = {
    "Image": IMAGE,
    "State": {"Running": True},
    "HostConfig": {
        "Memory": 256 << 20,
        "Sysctls": None,
        "Ulimits": None,
        "PortBindings": {"8443/tcp": [{"HostIp": "198.18.0.1", "HostPort": "443"}]},
    },
    "NetworkSettings": {"Networks": {"repository-store-trial-network": {}}},
}
OTHER = {**RUNNING, "HostConfig": {"PortBindings": {"80/tcp": [{"HostIp": "198.18.0.1", "HostPort": "9443"}]}}}
TRIAL = Trial("nginx", NAME, "101:101", 256, ports=(Port("198.18.0.1", 443, 8443),), command="nginx -v")


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    play_docker(monkeypatch, tmp_path, DOCKER)
    (tmp_path / "complaint").touch()
    (tmp_path / "running").write_text(json.dumps([RUNNING]))
    (tmp_path / "everything").write_text(json.dumps([RUNNING, OTHER]))
    return tmp_path


def changed(**what: Any) -> Trial:
    return Trial(**{**vars(TRIAL), **what})


def ran(docker: Path) -> list[str]:
    path = docker / "ran"
    return path.read_text().split() if path.exists() else []


def test_an_unchanged_container_is_not_tried(docker: Path) -> None:
    assert trial_problem({}, IMAGE, TRIAL) is None
    assert ran(docker) == []


@pytest.mark.parametrize("running", ["", json.dumps([{**RUNNING, "State": {"Running": False}}])])
def test_without_a_running_container_only_one_with_ports_is_tried(docker: Path, running: str) -> None:
    (docker / "running").write_text(running)
    assert trial_problem({}, "sha256:other", changed(ports=())) is None
    assert ran(docker) == []
    (docker / "complaint").write_text("docker: Error response from daemon: address already in use.\n")
    problem = trial_problem({}, "sha256:other", changed(ports=(Port("198.18.0.9", 443, 8443),)))
    assert "--publish=198.18.0.9:443:8443" in ran(docker)
    assert "address already in use" in str(problem)
    assert "is unchanged" not in str(problem)


@pytest.mark.parametrize(
    ("image", "trial", "option"),
    [
        ("sha256:other", TRIAL, "sha256:other"),
        (IMAGE, changed(memory_mib=512), "--memory=512m"),
        (IMAGE, changed(open_files=20000), "--ulimit=nofile=20000:20000"),
        (IMAGE, changed(sysctls={"net.core.somaxconn": "1"}), "--sysctl=net.core.somaxconn=1"),
        (IMAGE, changed(read_only=True), "--read-only"),
        (IMAGE, changed(ports=(Port("198.18.0.9", 443, 8443),)), "--publish=198.18.0.9:443:8443"),
        (IMAGE, changed(ports=(Port("fd00::1", 443, 8443),)), "--publish=[fd00::1]:443:8443"),
    ],
)
def test_each_change_is_tried_with_a_short_lived_container(docker: Path, image: str, trial: Trial, option: str) -> None:
    assert trial_problem({}, image, trial) is None
    assert option in ran(docker)
    assert ran(docker)[-2:] == ["nginx", "-v"]
    assert "--rm" in ran(docker)


def test_ports_in_use_by_containers_are_not_tried(docker: Path) -> None:
    ports = (Port("198.18.0.1", 443, 8443), Port("198.18.0.1", 9443, 5000), Port("198.18.0.1", 8080, 8080))
    trial_problem({}, IMAGE, changed(ports=ports))
    assert [word for word in ran(docker) if word.startswith("--publish")] == ["--publish=198.18.0.1:8080:8080"]


def test_the_engines_message_is_the_problem(docker: Path) -> None:
    (docker / "complaint").write_text(
        "docker: Error response from daemon: bind: cannot assign requested address.\nSee help\n"
    )
    problem = trial_problem({}, IMAGE, changed(ports=(Port("198.18.0.9", 443, 8443),)))
    assert problem is not None
    assert problem.key == "nginx"
    assert "settings: bind: cannot assign requested address." in problem.problem
    assert f"the container {NAME} is unchanged" in problem.allowed
