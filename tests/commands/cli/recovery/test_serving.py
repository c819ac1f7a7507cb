"""After a failed `up`: whether the store serves, really asked, and how to go back."""

import ssl
from collections.abc import Iterator
from http.server import HTTPServer
from pathlib import Path

import pytest

from cli.docker import Docker
from cli.errors import CommandError
from cli.paths import ROOT
from cli.recovery import serving
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from tests.authority import Request
from tests.commands.cli.recovery.stacks import OwnStack
from tests.support.played_docker import play_docker
from tests.support.serving import SilentHandler, serve, stop

NAME = "nexus.store.test"


class Nexus(SilentHandler):
    """Answers its status with the number in `status`."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/service/rest/v1/status" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Connection]:
    """The connection to a server with a certificate of its own authority."""
    ca = Request("CA").issued_by(None)
    leaf = Request("nexus", (NAME,)).issued_by(ca)
    (tmp_path / "pem").write_text(leaf.pem + leaf.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    server = HTTPServer(("127.0.0.1", 0), Nexus)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serve(server)
    url = f"https://{NAME}:{server.server_port}"
    yield Connection(url, "password", address="127.0.0.1", ca_pem=ca.pem)
    stop(server)


def test_the_status_is_asked_over_verified_tls(listening: Connection) -> None:
    assert serving.status_of(listening) == ""
    other = Connection(listening.url, "password", address="127.0.0.1", ca_pem=Request("B").issued_by(None).pem)
    assert "certificate verify failed" in serving.status_of(other)


def test_a_server_that_refuses_or_is_not_there_does_not_serve(
    listening: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Nexus, "status", 503)
    assert serving.status_of(listening) == f"{listening.url}/service/rest/v1/status answers 503"
    gone = Connection("https://nexus.store.test:1", "password", address="127.0.0.1")
    assert "refused" in serving.status_of(gone)


class Files(OwnStack):
    certificate_roles = ()

    @property
    def file(self) -> Path:
        return ROOT / "stacks" / "Pulumi.trial.yaml"


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listening: Connection) -> Files:
    """A stack whose nginx is created but not running."""
    running = 'case "$*" in *-nginx) echo created ;; *) echo running healthy ;; esac'
    play_docker(monkeypatch, tmp_path, f"#!/bin/sh\n{running}\n")
    monkeypatch.setattr(serving, "client_of", lambda *_: NexusClient(listening))
    return Files("trial")


def said(stack: Files, capsys: pytest.CaptureFixture[str], *, first: bool = False) -> list[str]:
    serving.say_after_failure(stack, Docker(), {}, first=first)
    return capsys.readouterr().err.splitlines()


NOT_RUNNING = (
    "the container repository-store-trial-nginx is created: docker logs --tail 50 repository-store-trial-nginx"
)
BACK = "to go back to before a change of stacks/Pulumi.trial.yaml: undo it"


def test_a_failed_up_ends_with_what_serves_and_how_to_go_back(
    stack: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(stack, capsys) == ["the store serves now", NOT_RUNNING, f"{BACK}, then make up STACK=trial"]
    monkeypatch.setattr(Files, "is_own", False)
    monkeypatch.setattr(Files, "declared", {"backup": {"location": "/srv/backups"}})
    assert said(stack, capsys)[-1] == (
        f"{BACK} (git log --patch stacks/Pulumi.trial.yaml shows it), then make up STACK=trial; if a newer Nexus has "
        "run meanwhile, first make restore STACK=trial"
    )


def test_a_first_up_that_fails_is_removed_by_down(
    stack: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_nexus(*_: object) -> NexusClient:
        raise CommandError("STACK=trial", "it has no Nexus yet")

    monkeypatch.setattr(serving, "client_of", no_nexus)
    lines = said(stack, capsys, first=True)
    assert lines == ["the store does not serve yet", NOT_RUNNING, "to remove what was made: make down STACK=trial"]
    assert said(stack, capsys)[0] == "whether the store serves could not be asked: STACK=trial: it has no Nexus yet"
