"""`watch` reports drift by its exit code for scheduled jobs, and as a message to a webhook."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cli.commands import watch as command
from cli.commands.watch import Found, by_resource, watch
from cli.drift import memory, webhook
from cli.drift.additions import Additions, unmanaged_of
from cli.errors import CommandError, Ended
from cli.stack.stack import Stack
from tests.authority import encrypt
from tests.support.serving import SilentHandler, serve

DRIFT = [
    ["update Repository files", "    writePolicy: DENY on the server (changed by hand), up sets ALLOW"],
    ["create User ci"],
]


class Chat:
    """Records the requests to a webhook; answers with a configurable status."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.status = 200

    def __call__(self, *args: Any) -> BaseHTTPRequestHandler:
        chat = self

        class Handler(SilentHandler):
            def do_POST(self) -> None:
                chat.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(chat.status)
                self.end_headers()

        return Handler(*args)


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    chat = Chat()
    monkeypatch.setattr(memory, "LOCAL", tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), chat) as server:
        url, ca = encrypt(server, tmp_path)
        serve(server)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca))
        monkeypatch.setenv("WEBHOOK", f"{url}/services/hunter2")
        yield chat
        server.shutdown()


def finds(monkeypatch: pytest.MonkeyPatch, found: Any) -> int:
    """Runs a watch that finds these differences or fails, and returns its exit code."""

    def differing(_name: str, *, wait: bool) -> Any:
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, Found) else Found(found)

    monkeypatch.setattr(command, "_differing", differing)
    try:
        watch("p")
    except (Ended, CommandError) as ended:
        return ended.code
    return 0


def test_the_exit_code_distinguishes_drift_from_errors(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEBHOOK")
    assert finds(monkeypatch, []) == 0
    assert finds(monkeypatch, DRIFT) == 3
    assert finds(monkeypatch, Ended(255)) == 1
    assert finds(monkeypatch, CommandError("STACK", "there is none")) == 1
    assert chat.messages == []


def test_a_webhook_gets_each_difference_once_and_when_it_is_gone(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    for found in ([], DRIFT, DRIFT, [], [], Ended(1)):
        finds(monkeypatch, found)
    drift, well, failure = (each["text"] for each in chat.messages)
    assert drift.startswith("p is not as its stack file says (2 differences):\nmake up STACK=p would:\n")
    assert "    writePolicy: DENY on the server (changed by hand), up sets ALLOW" in drift
    assert well == "p is as its stack file says."
    assert "the check for drift failed" in failure


def test_a_refusing_webhook_is_an_error_without_its_secret(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.status = 500
    monkeypatch.setattr(command, "_differing", lambda *_, **__: Found(DRIFT))
    with pytest.raises(CommandError, match="WEBHOOK: the webhook answers 500") as refused:
        watch("p")
    assert "hunter2" not in str(refused.value)
    chat.status = 200
    finds(monkeypatch, DRIFT)  # a refused message is sent again
    assert len(chat.messages) == 2
    monkeypatch.setenv("WEBHOOK", "https://127.0.0.1:1/hunter2")
    with pytest.raises(CommandError, match="the report cannot be delivered") as unanswered:
        webhook.send(webhook.of_environment(), "x")
    assert "hunter2" not in str(unanswered.value)


@pytest.mark.parametrize(
    "url",
    ["hunter2", "file:///etc/passwd", "https://", "https://[", "http://chat.domain.org/hunter2", "HTTP://[::1]/x"],
)
def test_a_url_of_another_scheme_is_refused_before_any_request(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK", url)
    with pytest.raises(CommandError, match=r"WEBHOOK: not a URL of HTTPS .*allowed https://HOST/PATH") as refused:
        watch("p")
    assert "hunter2" not in str(refused.value)


def test_a_webhook_with_the_certificate_of_another_ca_gets_nothing(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setattr(command, "_differing", lambda *_, **__: Found(DRIFT))
    with pytest.raises(CommandError, match=r"the report cannot be delivered \(SSLError\)"):
        watch("p")
    assert chat.messages == []


HOSTILE = (
    "users.<!channel> all is well",
    "users.<https://evil.example|open the report>",
    "users.@here",
    "users.x\n\u202ep is as its stack file says.",
    "users.https://evil.example",
)


def test_what_somebody_wrote_on_the_server_stays_text_in_the_chat(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    assert finds(monkeypatch, Found([["update Role a&amp;b"]], Additions(HOSTILE[:1], HOSTILE[1:]))) == 3
    (message,) = chat.messages
    lines = message["text"].split("\n")
    assert len(lines) == 1 + len(HOSTILE) + 2
    assert lines[1].startswith("users.&lt;!channel&gt; all is well is an administrator")
    assert lines[-1] == "update Role a&amp;amp;b"
    assert not set("<>\u202e") & set(message["text"])
    for active in ("@here", "://"):
        assert active not in message["text"]


def test_the_number_of_differences_is_a_metric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEBHOOK", raising=False)
    monkeypatch.setattr(command, "_differing", lambda *_, **__: Found(DRIFT))
    with pytest.raises(Ended):
        watch("p", tmp_path / "drift.prom")
    assert 'repository_store_drift{stack="p"} 2' in (tmp_path / "drift.prom").read_text()


ADDED = Additions(("users.mallory",), ("roles.odd",))


def test_a_new_administrator_comes_first_and_is_a_metric(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert finds(monkeypatch, Found([], ADDED)) == 3
    assert finds(monkeypatch, Found(DRIFT, ADDED)) == 3
    first, both = (each["text"].splitlines() for each in chat.messages)
    assert first == [
        "p is not as its stack file says (2 differences):",
        "users.mallory is an administrator that the stack does not declare",
        "roles.odd is on the server and not in the stack; up leaves it there",
    ]
    assert (both[0], both[1:3]) == ("p is not as its stack file says (4 differences):", first[1:])
    assert both[3] == "make up STACK=p would:"
    with pytest.raises(Ended):
        watch("p", tmp_path / "drift.prom")
    metrics = (tmp_path / "drift.prom").read_text()
    assert 'repository_store_drift{stack="p"} 4' in metrics
    assert 'repository_store_undeclared_administrators{stack="p"} 1' in metrics


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", {}),
        ("unmanaged: {users: [ci-*]}", {"users": ("ci-*",)}),
        ("nexus: {url: 'https://n.domain.org'}", None),
        ("nexus: {url: 'https://n.domain.org'}\n  repository-store:unmanaged: {}", {}),
    ],
)
def test_additions_are_drift_but_not_by_default_on_an_external_nexus(given: str, expected: Any, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.p.yaml"
    file.write_text(f"config:\n  repository-store:{given or 'hostname: n.domain.org'}\n")
    assert unmanaged_of(Stack("p", file)) == expected


def test_an_allow_list_for_an_unknown_section_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.p.yaml"
    file.write_text("config:\n  repository-store:unmanaged: {user: [ci-*]}\n")
    with pytest.raises(CommandError, match=r"unmanaged\.user: invalid value \(got a list of 1; allowed '\*', "):
        unmanaged_of(Stack("p", file))


def test_a_difference_has_its_fields_and_a_long_report_is_truncated() -> None:
    lines = ["update A", "    x: 1 -> 2", "    y: 1 -> 2", "delete B"]
    assert by_resource(lines) == [lines[:3], ["delete B"]]
    assert webhook.message("p", [["a"]] * 40).endswith("\na\nand 11 more lines")
