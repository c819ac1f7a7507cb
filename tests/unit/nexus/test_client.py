"""How the provider logs in."""

from base64 import b64decode
from typing import Any

import pytest
import requests

from nexus.http import client as module
from nexus.http.client import NexusClient
from nexus.http.connection import Connection


class Asked(requests.adapters.BaseAdapter):
    """Answers everything, and keeps the last request."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.request = request
        answer = requests.Response()
        answer.status_code = 204
        answer.request = request
        return answer

    def close(self) -> None:
        """It holds nothing open."""


@pytest.mark.parametrize("password", ["plain", "Übergröße", "パスワード", "with: a colon"])
def test_a_password_is_sent_as_the_server_was_given_it(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, session = Asked(), requests.Session()
    session.mount("https://", asked)
    monkeypatch.setattr(module, "session", lambda _: session)
    NexusClient(Connection(url="https://nexus.domain.org", password=password)).get("/v1/status")
    scheme, _, credentials = asked.request.headers["Authorization"].partition(" ")
    assert scheme == "Basic"
    assert b64decode(credentials).decode() == f"admin:{password}"
