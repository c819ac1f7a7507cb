"""The limit of open files of the Nexus container."""

import resource

import pulumi
import pytest

from components.docker_host.open_files import WANTED, open_files
from stacks.docker_settings import DockerSettings

HERE, ELSEWHERE = DockerSettings(), DockerSettings(host="ssh://ops@nexus.domain.org")


def host_allows(monkeypatch: pytest.MonkeyPatch, limit: int) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    monkeypatch.setattr(pulumi.log, "info", messages.append)
    return messages


def test_a_host_with_a_high_limit_provides_what_nexus_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert host_allows(monkeypatch, WANTED) == []
    assert open_files(None, HERE) == WANTED
    host_allows(monkeypatch, resource.RLIM_INFINITY)
    assert open_files(None, HERE) == WANTED


def test_a_lower_hard_limit_is_used_and_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = host_allows(monkeypatch, 20000)
    assert open_files(None, HERE) == 20000
    assert len(messages) == 1
    assert "20000" in messages[0]


def test_the_limit_of_this_machine_is_ignored_for_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    host_allows(monkeypatch, 1024)
    assert open_files(None, ELSEWHERE) == WANTED


def test_the_value_in_the_stack_file_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    host_allows(monkeypatch, 20000)
    assert open_files(4096, HERE) == 4096
