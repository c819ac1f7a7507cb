"""The addresses of the docker host, for an engine on this machine and one behind SSH."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight.bind_address import absent_addresses, host_addresses

TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
     |-- 192.0.2.7
        /32 host LOCAL
"""
INET6 = "20010db8000000000000000000000007 02 40 00 80     eth0\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A listener on the socket of this machine's engine."""
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(path))
        listening.listen()
        yield {"DOCKER_HOST": f"unix://{path}"}


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An ssh that logs its arguments and answers like a host with two addresses."""
    (tmp_path / "told").write_text(TRIE + INET6)
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/arguments\ncat {tmp_path}/told\n')
    ssh.chmod(ssh.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return {"DOCKER_HOST": "ssh://deploy@nexus.domain.org:2222"}


def test_an_engine_on_this_machine_has_its_addresses(engine: dict[str, str]) -> None:
    assert "127.0.0.1" in host_addresses(engine)
    assert absent_addresses(engine, ("127.0.0.1", "0.0.0.0", "::")) == []


def test_an_address_that_this_machine_does_not_have_is_refused(engine: dict[str, str]) -> None:
    (problem,) = absent_addresses(engine, ("203.0.113.9",))
    assert str(problem).startswith(
        "nginx.bindAddress: the docker host does not have this address (got '203.0.113.9'; allowed 0.0.0.0 and ::"
    )
    assert "127.0.0.1" in problem.allowed
    assert "pulumi config set --path nginx.bindAddress" in problem.fix


def test_another_host_is_asked_over_ssh(remote: dict[str, str], tmp_path: Path) -> None:
    assert host_addresses(remote) == {"127.0.0.1", "192.0.2.7", "2001:db8::7"}
    told = (tmp_path / "arguments").read_text()
    assert "-l deploy -p 2222 -- nexus.domain.org cat /proc/net/fib_trie /proc/net/if_inet6" in told
    assert "BatchMode=yes" in told
    assert absent_addresses(remote, ("192.0.2.7", "2001:DB8::7")) == []
    assert [problem.key for problem in absent_addresses(remote, ("192.0.2.8", "::1"))] == ["nginx.bindAddress"] * 2


@pytest.mark.parametrize("host", ["unix:///no/engine.sock", "tcp://127.0.0.1:1"])
def test_if_the_addresses_are_unknown_nothing_is_refused(host: str) -> None:
    assert absent_addresses({"DOCKER_HOST": host}, ("203.0.113.9",)) == []


def test_an_account_that_cannot_read_the_addresses_is_not_refused(remote: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "told").write_text("This account may only reach docker.\n")
    assert absent_addresses(remote, ("203.0.113.9",)) == []
