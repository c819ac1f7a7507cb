"""Nexus's REST API over verified TLS: one session per thread, errors that say what to do."""

import contextlib
import json
import re
import threading
from typing import Any

import requests
import urllib3
from requests.auth import HTTPBasicAuth

from nexus import advice
from nexus.errors import (
    AnswerLost,
    Closed,
    GatewayError,
    NexusError,
    NotFound,
    ReadOnly,
    Rejected,
    ServerFault,
    Unauthorized,
    Unreachable,
    Unreadable,
    Untrusted,
)
from nexus.http import answer as answers
from nexus.http.connection import Connection
from nexus.http.transport import TooLarge, session
from nexus.problem import Problem

_API = "/service/rest"
_PAGES_API = "/service/extdirect"
_GATEWAY = (502, 503, 504)
# The text of components/templates/nginx/errors.conf.j2.
_CLOSED = re.compile(r"the store closes this to ([0-9A-Fa-f.:]+)")
_CLOSED_TO_MOST = "/service/metrics"
RELEASE = (
    "wait until its maintenance has ended, or release it under Administration, System, Nodes, and run the command again"
)
"""What the user does about a read-only server."""
_FROZEN = "not allowed while the application is frozen"
# The reason for a refusal that the server does not explain.
_UNEXPLAINED = {
    405: "this release or edition of Nexus has no such request",
    410: "this server is configured not to do it",
}
_TO_STRING = re.compile(r"message='(.*)'", re.S)


class NexusClient:
    """Sends requests as one user; safe to share between threads."""

    def __init__(self, connection: Connection, password: str | None = None, *, first_login: bool = False) -> None:
        self.connection = connection
        self.is_first_login = first_login
        wanted = connection.initial_password if first_login else connection.password
        self._user = connection.username
        # As bytes: requests encodes a str as Latin-1 and fails on other characters.
        self._auth = HTTPBasicAuth(self._user.encode(), (wanted if password is None else password).encode())
        self._local = threading.local()

    def get(self, path: str, **query: str) -> Any:
        return self._document("GET", path, params=query)

    def post(self, path: str, body: Any) -> Any:
        return self._document("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self._document("PUT", path, json=body)

    def post_text(self, path: str, text: str) -> Any:
        return self._document("POST", path, data=text.encode(), headers={"Content-Type": "text/plain"})

    def put_text(self, path: str, text: str) -> None:
        self.request("PUT", path, data=text.encode(), headers={"Content-Type": "text/plain"})

    def delete(self, path: str, ids: list[str] | None = None) -> None:
        self.request("DELETE", path, json=ids)

    def asked_by_pages(self, action: str) -> list[dict[str, Any]]:
        """What the administration pages get from an action's `read`; empty if the server has no such action.

        Raises:
            NexusError: the request fails.
        """
        call = {"action": action, "method": "read", "data": None, "type": "rpc", "tid": 1}
        answer = answers.document(self._sent("POST", _PAGES_API, f"POST {_PAGES_API}", json=call), f"POST {_PAGES_API}")
        result = answer.get("result") if isinstance(answer, dict) else None
        data = result.get("data") if isinstance(result, dict) else None
        return [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []

    def observed_client_ip(self) -> str | None:
        """The address that the store's nginx sees for this machine; None if no answer has it."""
        try:
            answer = self._session().get(self.connection.url + _CLOSED_TO_MOST, allow_redirects=False, stream=True)
            answers.read(answer, _CLOSED_TO_MOST)
        except (requests.exceptions.RequestException, NexusError):
            return None
        found = _CLOSED.search(answer.text)
        return found.group(1) if found else None

    def downloads(self, path: str) -> bool:
        """Whether the server serves a file; a byte of it is asked for.

        Raises:
            NexusError: there is no answer.
        """
        try:
            self._sent("GET", path, f"GET {path}", headers={"Range": "bytes=0-0"})
        except (Unauthorized, NotFound, Rejected):
            return False
        except Unreadable:  # a large file from its start
            pass
        return True

    def request(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """Sends one request to a path below `/service/rest`.

        Raises:
            NexusError: a subclass of it, for every answer but 2xx and for no answer.
        """
        return self._sent(method, _API + path, f"{method} {path}", **kwargs)

    def _sent(self, method: str, path: str, what: str, **kwargs: Any) -> requests.Response:
        url = self.connection.url + path
        try:
            response = self._session().request(
                method, url, auth=self._auth, allow_redirects=False, stream=True, **kwargs
            )
            answers.read(response, what)
        except TooLarge as error:
            raise Unreadable(f"{what}: {error}") from None
        except requests.exceptions.SSLError as error:
            raise Untrusted(
                Problem(
                    self.connection.where,
                    f"its certificate is not trusted: {_innermost(error)}",
                    f"one signed by {self._trusted()}",
                    advice.GIVE_CA,
                )
            ) from None
        except requests.exceptions.ConnectionError as error:
            kind = AnswerLost if _was_sent(error) else Unreachable
            raise kind(f"{self.connection.where} does not answer: {_innermost(error)}") from None
        except requests.exceptions.Timeout:
            raise AnswerLost(f"{self.connection.where} took too long to answer {what}") from None
        if response.is_redirect or 300 <= response.status_code < 400:
            raise answers.redirected(response, what)
        if response.ok:
            return response
        raise self._error(what, response)

    def _document(self, method: str, path: str, **kwargs: Any) -> Any:
        return answers.document(self.request(method, path, **kwargs), f"{method} {path}")

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = session(self.connection)
        made: requests.Session = self._local.session
        return made

    def _trusted(self) -> str:
        return "a CA of the stack" if self.connection.ca_pem else "a public CA"

    def _error(self, what: str, response: requests.Response) -> NexusError:
        status = response.status_code
        if status in _GATEWAY:
            why = "Nexus is down, starting or read-only"
            return GatewayError(f"{self.connection.where} answers {status} to {what}: {why}")
        closed = _CLOSED.search(response.text) if status == 403 else None
        if closed:
            return Closed(
                Problem(
                    self.connection.where,
                    f"closes its REST API to {closed.group(1)}, the address of this machine as nginx sees it",
                    f"the networks of {advice.REST_ALLOWED_FROM}",
                    f"add that address, or its network, to {advice.REST_ALLOWED_FROM}",
                )
            )
        if status in (401, 403):
            return Unauthorized(
                Problem(
                    self.connection.where,
                    f"answers {status} to {what} as user {self._user}: the user's password there is not the one in "
                    f"{advice.password(self._user)}, or the user may not do this",
                    fix=f"if it was changed by hand, store it in the stack file: {advice.give_password(self._user)}",
                )
            )
        if status == 404:
            return NotFound(f"{what}: {self._explanation(response) or 'there is no such object, or no such request'}")
        if status >= 500:
            fault = response.headers.get("X-Siesta-FaultId", "none given")
            return ServerFault(
                f"{what}: Nexus failed with {status}, fault id {fault} in its log: {self._explanation(response)}"
            )
        if _FROZEN in messages(response):
            return ReadOnly(Problem(what, "Nexus has become read-only", fix=RELEASE))
        reason = self._explanation(response) or _UNEXPLAINED.get(status, "it gives no reason")
        return Rejected(f"{what}: Nexus refuses with {status}: {reason}")

    def _explanation(self, response: requests.Response) -> str:
        """The server's messages, without passwords: some servers repeat what they were sent."""
        text = messages(response)
        for password in filter(None, (self.connection.password, self.connection.initial_password)):
            text = text.replace(password, "[secret]")
        return text


def messages(response: requests.Response) -> str:
    """The server's error messages, in any of its four formats."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        found = _TO_STRING.search(response.text)
        return answers.one_line(answers.words(found.group(1) if found else response.text))[:500]
    entries = body if isinstance(body, list) else [body]
    return answers.one_line("; ".join(_entry(entry) for entry in entries if isinstance(entry, dict)))[:2000]


def _entry(entry: dict[str, Any]) -> str:
    text = str(entry.get("message") or entry.get("result") or "")
    if text.startswith('"'):
        with contextlib.suppress(json.JSONDecodeError):
            text = str(json.loads(text))
    text = answers.words(text)
    place = str(entry.get("id", "*"))
    return text if place == "*" else f"{place}: {text}"


def _was_sent(error: requests.exceptions.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, urllib3.exceptions.ProtocolError | urllib3.exceptions.ReadTimeoutError)


def _innermost(error: BaseException) -> str:
    """The operating system's message, without the library's wrapping."""
    while error.args and isinstance(error.args[0], BaseException):
        error = error.args[0]
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return _innermost(reason)
    text = str(error)
    return text.rsplit(": ", 1)[-1] if text.startswith("<") or "object at 0x" in text else text
