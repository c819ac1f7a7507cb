"""The rows of `doctor` about the endpoint, ports, the store's name, trust and its certificate."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.doctor import answers, machine
from cli.doctor.applied import Applied
from cli.doctor.engine import Engine
from cli.doctor.finding import Finding
from cli.errors import CommandError
from cli.recovery import moved_endpoint
from cli.stack import checkpoint, killed_pulumi, trust
from cli.stack.trust import Reach
from preflight.engine_objects import EngineObject, Kind
from tests.authority import Request
from tests.unit.cli.doctor.examined import of_file


def test_a_port_of_another_process_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = ports(tmp_path, bindAddress="127.0.0.1", httpsPort=port, httpPort=_free())
    assert "Address already in use" in found[f"port {port}"].detail
    assert found[f"port {port}"].fix.endswith(f"--path nginx.httpsPort {port + 8000}")


def test_each_address_of_a_list_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    addresses = ["127.0.0.1", "127.0.0.2"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))
        taken.listen()
        port, other = taken.getsockname()[1], _free()
        found = ports(tmp_path, bindAddress=addresses, httpsPort=port, httpPort=other)
    assert found[f"port {port}"].detail == "127.0.0.2: Address already in use"
    assert found[f"port {other}"].detail == "free at 127.0.0.1 and 127.0.0.2"


def test_a_wrong_port_is_reported_as_by_the_program(tmp_path: Path) -> None:
    with pytest.raises(
        CommandError, match=r"nginx\.httpsPort: invalid value \(got 0; allowed .*--path nginx\.httpsPort"
    ):
        ports(tmp_path, bindAddress="127.0.0.1", httpsPort=0)


def ports(folder: Path, **nginx: Any) -> dict[str, Finding]:
    stack = of_file(folder, nginx=nginx)
    return {each.what: each for each in answers.ports(stack, Engine(stack))}


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary /etc and .local."""
    (tmp_path / "hosts").write_text("")
    monkeypatch.setattr(trust, "HOSTS", tmp_path / "hosts")
    monkeypatch.setattr(trust, "DOCKER_TRUST", tmp_path / "certs.d")
    for module in (trust, checkpoint, killed_pulumi):
        monkeypatch.setattr(module, "LOCAL", tmp_path / ".local")
    return tmp_path


def test_an_unresolved_name_and_another_ca_are_reported(etc: Path) -> None:
    stack = of_file(etc)
    ca = Request("CA").issued_by(None).pem
    reach = Reach("nexus.invalid", "198.18.0.1", ("nexus.invalid",), ca.strip())
    reach.note(stack)
    reach.apply(stack)
    found = {each.what: each for each in answers.name_and_trust(stack)}
    assert found["name"].detail == "nexus.invalid resolves to nothing instead of 198.18.0.1"
    assert found["name"].fix == "sudo ./store trust --stack trial"
    assert not found["trust of docker"].fix
    (etc / "certs.d/nexus.invalid/repository-store-trial.crt").write_text(Request("B").issued_by(None).pem)
    found = {each.what: each for each in answers.name_and_trust(stack)}
    assert found["trust of docker"].detail == f"missing: nexus.invalid in {etc / 'certs.d'}"
    assert found["trust of docker"].fix == "sudo ./store trust --stack trial"


def test_trust_for_a_previous_port_is_reported(etc: Path) -> None:
    stack = of_file(etc)
    ca = Request("CA").issued_by(None).pem.strip()
    Reach("nexus.invalid", "198.18.0.1", ("nexus.invalid:8443",), ca).apply(stack)
    now = Reach("nexus.invalid", "198.18.0.1", ("nexus.invalid:9443",), ca)
    now.note(stack)
    found = {each.what: each for each in answers.name_and_trust(stack)}["trust of docker"]
    assert found.detail.endswith(f"of an earlier name or port: nexus.invalid:8443 in {etc / 'certs.d'}")
    assert found.fix == "sudo ./store trust --stack trial"
    now.apply(stack)
    assert not {each.what: each for each in answers.name_and_trust(stack)}["trust of docker"].fix


@contextmanager
def listening(folder: Path, end: datetime) -> Iterator[tuple[int, str]]:
    """Runs a store on loopback whose certificate expires at `end`; yields its port and CA."""
    now = datetime.now(UTC)
    authority = Request("CA", begin=now - timedelta(days=1), end=now + timedelta(days=99)).issued_by(None)
    leaf = Request("nexus", ("nexus.trial.test",), begin=now - timedelta(days=9), end=end).issued_by(authority)
    (folder / "leaf.pem").write_text(leaf.pem + leaf.key_pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "leaf.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], authority.pem


@pytest.mark.parametrize(
    ("days", "detail", "is_well"),
    [(40, "valid for 39 more days", True), (5, "valid for 4 more days", False), (-1, "expired", False)],
)
def test_an_expiring_certificate_is_reported(days: int, detail: str, is_well: bool, etc: Path) -> None:
    with listening(etc, datetime.now(UTC) + timedelta(days=days)) as (port, ca):
        stack = of_file(etc, nginx={"httpsPort": port})
        Reach("nexus.trial.test", "127.0.0.1", (), ca).note(stack)
        (found,) = answers.certificate(stack)
    assert detail in found.detail
    assert found.fix == ("" if is_well else "make up STACK=trial")


def test_a_store_that_does_not_answer_is_reported(etc: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stack = of_file(etc, nginx={"httpsPort": port})
    Reach("nexus.trial.test", "127.0.0.1", (), "").note(stack)
    (found,) = answers.certificate(stack)
    assert (found.what, found.fix) == ("store", "make up STACK=trial")
    assert f"nexus.trial.test:{port} does not answer" in found.detail


def test_an_endpoint_that_no_engine_has_any_more_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state names another endpoint than the docker command, with the same container."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///now.sock")
    monkeypatch.setattr(moved_endpoint, "answers", lambda host: host == "unix:///now.sock")
    container = EngineObject(Kind.CONTAINER, "nginx", "repository-store-trial-nginx", "c1")
    monkeypatch.setattr(machine, "on_engine", lambda *_: [container])
    monkeypatch.setattr(Engine, "version", "29.0.1")
    provider = {"type": "pulumi:providers:docker", "urn": "urn:p::t::docker", "inputs": {"host": "unix:///old.sock"}}
    nginx = {"type": "docker:index/container:Container", "urn": "urn:p::t::nginx", "id": "c1"}
    stack = of_file(tmp_path)
    applied = Applied(lambda: {"deployment": {"resources": [provider, nginx]}})
    (found,) = machine.endpoint(stack, Engine(stack), applied)
    assert (found.what, found.fix) == ("endpoint", "make up STACK=trial")
    assert "unix:///old.sock" in found.detail
    monkeypatch.setattr(moved_endpoint, "answers", lambda _host: True)
    assert list(machine.endpoint(stack, Engine(stack), applied)) == []
