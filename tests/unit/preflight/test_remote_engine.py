"""An unusable engine of another host is one line, with a command to reproduce the problem."""

from pathlib import Path

import pytest

from preflight.engine_endpoint import EngineEndpoint
from preflight.remote_engine import remote_engine_problem
from tests.support.played_docker import play_docker


def play(folder: Path, monkeypatch: pytest.MonkeyPatch, docker: str) -> None:
    """Installs a fake docker command."""
    play_docker(monkeypatch, folder, f"#!/bin/sh\n{docker}\n")


def test_an_engine_that_answers_is_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(tmp_path, monkeypatch, '[ "$DOCKER_HOST" = ssh://a.domain.org ] && echo 27.1')
    assert remote_engine_problem(EngineEndpoint("ssh://a.domain.org", "docker.host")) is None


@pytest.mark.parametrize(
    ("docker", "reason"),
    [
        (
            "echo 'error during connect: exit status 255, stderr=Host key verification failed.\r' >&2; exit 1",
            "the engine does not answer: Host key verification failed.",
        ),
        ("exit 3", "the engine does not answer: exit code 3"),
        ("exec sleep 60", "no answer within 1 s"),
    ],
)
def test_the_reason_is_the_last_line_of_docker_or_ssh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, docker: str, reason: str
) -> None:
    play(tmp_path, monkeypatch, docker)
    monkeypatch.setenv("SECONDS_TO_ANSWER", "1")
    problem = remote_engine_problem(EngineEndpoint("ssh://a.domain.org", "docker.host"))
    assert problem is not None
    assert (problem.key, problem.problem) == ("docker.host", reason)


def test_a_missing_docker_command_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "there is no docker command on this machine" in str(
        remote_engine_problem(EngineEndpoint("ssh://a.domain.org", "docker.host"))
    )


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("ssh://a.domain.org", "a.domain.org"),
        ("ssh://deploy@a.domain.org:2222/run/docker.sock", "-p 2222 deploy@a.domain.org"),
        ("ssh://deploy@[::1]:22", "-p 22 deploy@[::1]"),
    ],
)
def test_the_command_uses_the_same_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, target: str
) -> None:
    play(tmp_path, monkeypatch, "exit 1")
    assert f"Fix: make this work: ssh {target} docker version (" in str(
        remote_engine_problem(EngineEndpoint(host, "docker.host"))
    )
