"""Data after a kill, injected faults, and a thousand repositories."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.conformance.contract.bodies import repository
from tests.conformance.contract.stand_in import Server, direct, running
from tests.support.ports import free_port
from tests.support.versions import NEWEST


def test_configuration_and_content_survive_a_kill(program: Path, tmp_path: Path) -> None:
    with running(program, tmp_path, NEWEST) as server:
        server.rest("POST", "repositories/raw/hosted", json=repository("raw/hosted", "files"))
        server.rest("POST", "security/roles", json={"id": "dev", "name": "dev", "privileges": ["nx-search-read"]})
        server.admin("PUT", "/repository/files/a.txt", data="a")
        server.kill()
        server.start()
        assert server.admin("GET", "/repository/files/a.txt").text == "a"
        assert server.rest("GET", "security/roles/dev").json()["privileges"] == ["nx-search-read"]


def test_an_interrupted_upload_leaves_nothing(program: Path, tmp_path: Path) -> None:
    with running(program, tmp_path, NEWEST) as server:
        server.rest("POST", "repositories/raw/hosted", json=repository("raw/hosted", "files"))
        server.admin("PUT", "/repository/files/half.bin", data=b"old")
        password = (server.data / "admin.password").read_text()
        head = (
            requests.Request("PUT", server.url + "/repository/files/half.bin", auth=("admin", password))
            .prepare()
            .headers
        )
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            lines = ["PUT /repository/files/half.bin HTTP/1.1", f"Host: {host}", "Content-Length: 1000000"]
            lines.append(f"Authorization: {head['Authorization']}")
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + b"new" * 100_000)
            wait_for(lambda: any((server.data / "blobs/default/content/tmp").iterdir()))
            server.kill()
        server.start()
        assert server.admin("GET", "/repository/files/half.bin").content == b"old"
        assert not (server.data / "blobs/default/content/tmp").exists()


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if condition():
                return
        except FileNotFoundError:
            pass
        time.sleep(0.01)
    raise AssertionError("it did not happen within 5 s")


def test_the_initial_password_comes_from_the_environment(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEXUS_SECURITY_INITIAL_PASSWORD", "from-environment")
    with running(program, tmp_path, NEWEST) as server:
        assert not (server.data / "admin.password").exists()
        users = direct(
            "GET", server.url + "/service/rest/v1/security/users?userId=admin", auth=("admin", "from-environment")
        )
        assert users.json()[0]["status"] == "active"
        assert "from-environment" not in (tmp_path / "log").read_text()


def test_faults_can_be_injected(program: Path, tmp_path: Path) -> None:
    control = f"127.0.0.1:{free_port()}"
    with running(program, tmp_path, NEWEST, "--faults", control) as server:
        inject(control, kind="drop", method="POST", path="/repositories/", count=1)
        with pytest.raises(requests.ConnectionError):
            server.rest("POST", "repositories/raw/hosted", json=repository("raw/hosted", "lost"))
        assert server.rest("GET", "repositories/raw/hosted/lost").status_code == 200, "the write took effect"
        inject(control, kind="unavailable", path="/status$", count=2)
        assert [server.rest("GET", "status").status_code for _ in range(3)] == [503, 503, 200]
        inject(control, kind="slow", milliseconds=300, count=1)
        begin = time.monotonic()
        server.rest("GET", "status")
        assert time.monotonic() - begin >= 0.3
        inject(control, kind="disk-full")
        assert server.admin("PUT", "/repository/lost/a.txt", data="a").status_code == 500
        direct("DELETE", f"http://{control}/")
        assert server.admin("PUT", "/repository/lost/a.txt", data="a").status_code == 201


def inject(control: str, **fault: object) -> None:
    assert direct("POST", f"http://{control}/", json=fault).status_code == 204


def test_faults_can_only_be_injected_from_loopback(program: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="use a loopback address"),
        running(program, tmp_path, NEWEST, "--faults", "0.0.0.0:0"),
    ):
        pass


def test_a_thousand_repositories(program: Path, tmp_path: Path) -> None:
    """tests.conformance.stand_in.scale prints how fast it is."""
    with running(program, tmp_path, NEWEST) as server:
        for number in range(1000):
            body = repository("raw/hosted", f"r{number:04}")
            assert server.rest("POST", "repositories/raw/hosted", json=body).status_code == 201
        server.stop()
        server.start()
        assert len(server.rest("GET", "repositories").json()) == 1004
        assert resident_megabytes(server) < 300


def resident_megabytes(server: Server) -> float:
    assert server.process is not None
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
