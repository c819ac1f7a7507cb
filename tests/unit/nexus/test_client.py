"""The provider's login, and its lockout protection."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
import requests

from nexus.errors import Closed, NexusError, Rejected, Unauthorized
from nexus.http import client as module
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from nexus.kinds.special import refuse_closed_api

CLOSED = b'{"errors":[{"code":"DENIED","message":"the store closes this to 172.20.0.1"}]}'


class Asked(requests.adapters.BaseAdapter):
    """Gives the same answer to every request, and records the last one."""

    def __init__(self, status: int = 204, content: bytes = b"") -> None:
        super().__init__()
        self._status, self._content = status, content

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.request = request
        answer = requests.Response()
        answer.status_code = self._status
        answer.raw = BytesIO(self._content)
        answer.request = request
        return answer

    def close(self) -> None:
        """There is nothing to close."""


def asking(monkeypatch: pytest.MonkeyPatch, asked: Asked, password: str = "secret") -> NexusClient:
    session = requests.Session()
    session.mount("https://", asked)
    monkeypatch.setattr(module, "session", lambda _: session)
    return NexusClient(Connection(url="https://nexus.domain.org", password=password))


@pytest.mark.parametrize("password", ["plain", "Übergröße", "パスワード", "with: a colon"])
def test_a_password_is_sent_unchanged(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    asking(monkeypatch, asked, password).get("/v1/status")
    scheme, _, credentials = asked.request.headers["Authorization"].partition(" ")
    assert scheme == "Basic"
    assert b64decode(credentials).decode() == f"admin:{password}"


def test_a_refusal_of_nginx_is_not_blamed_on_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Closed, match=r"closes its REST API to 172\.20\.0\.1, .* nginx\.restAllowedFrom"):
        asking(monkeypatch, Asked(403, CLOSED)).get("/v1/status")
    with pytest.raises(Unauthorized):
        asking(monkeypatch, Asked(403, b"forbidden")).get("/v1/status")


@pytest.mark.parametrize("networks", ["172.20.0.1", "2001:db8::/32 172.16.0.0/12"])
def test_networks_with_this_machine_are_accepted(monkeypatch: pytest.MonkeyPatch, networks: str) -> None:
    asked = Asked(403, CLOSED)
    refuse_closed_api(asking(monkeypatch, asked), networks)
    assert "Authorization" not in asked.request.headers


def test_networks_without_this_machine_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    client = asking(monkeypatch, Asked(403, CLOSED))
    with pytest.raises(Rejected) as refused:
        refuse_closed_api(client, "10.0.0.0/8")
    assert str(refused.value) == (
        "nginx.restAllowedFrom: does not allow this machine, which nginx sees as 172.20.0.1: the next `make up` would "
        "be locked out, since it goes through nginx (got 10.0.0.0/8; allowed networks that include 172.20.0.1). "
        "Fix: pulumi config set --path 'nginx.restAllowedFrom[1]' 172.20.0.1, or the network of that address"
    )


def test_without_the_own_address_networks_are_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_closed_api(asking(monkeypatch, Asked(200, b"metrics")), "10.0.0.0/8")


@pytest.mark.parametrize(
    ("status", "content", "message"),
    [
        (405, b"", "Nexus refuses with 405: this release or edition of Nexus has no such request"),
        (410, b'{"name": "x", "result": "Creating and updating scripts is disable"}', "scripts is disable"),
        (410, b"", "Nexus refuses with 410: this server is configured not to do it"),
        (400, b"", "Nexus refuses with 400: it gives no reason"),
        (404, b"", "there is no such object, or no such request"),
    ],
)
def test_a_refusal_has_a_message_even_if_the_server_sends_none(
    monkeypatch: pytest.MonkeyPatch, status: int, content: bytes, message: str
) -> None:
    with pytest.raises(NexusError) as refused:
        asking(monkeypatch, Asked(status, content)).post("/v1/script", {})
    assert "POST /v1/script" in str(refused.value)
    assert message in str(refused.value)


TITLE = b"<title>\n500 &ndash; Oops &amp; more</title>"
PAGE = b"<!DOCTYPE html>\n<html><head>" + TITLE + b"</head>\n<body><b>trace</b></body></html>"


@pytest.mark.parametrize(
    ("status", "content", "message"),
    [
        (500, PAGE, "Nexus failed with 500, fault id none given in its log: 500 \u2013 Oops & more"),
        (500, b"<html><body>no title</body></html>", "in its log: an HTML page without a title"),
        (500, b'{"message": "<html><h1>Bad <i>Gateway</i></h1></html>"}', "in its log: Bad Gateway"),
        (400, PAGE, "Nexus refuses with 400: 500 \u2013 Oops & more"),
        (404, PAGE, "POST /v1/script: 500 \u2013 Oops & more"),
        (502, PAGE, "answers 502 to POST /v1/script: Nexus is down, starting or read-only"),
    ],
)
def test_no_html_of_a_server_reaches_a_message(
    monkeypatch: pytest.MonkeyPatch, status: int, content: bytes, message: str
) -> None:
    with pytest.raises(NexusError) as refused:
        asking(monkeypatch, Asked(status, content)).post("/v1/script", {})
    assert message in str(refused.value)
    assert "POST /v1/script" in str(refused.value)
    assert not {"<", "\n"} & set(str(refused.value))
