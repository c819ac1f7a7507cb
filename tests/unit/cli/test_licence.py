"""`up` asks for the licence agreement in a terminal only, and says how to accept it elsewhere."""

import os
import pty
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cli.commands import up
from cli.commands.ready import Ready
from cli.docker import Docker
from cli.doctor import server
from cli.stack import licence
from cli.stack.stack import Stack
from nexus import agreement
from nexus.errors import NotFound, Rejected

TEXT = "Use of Nexus is governed by https://links.sonatype.com/products/nxrm/ce-eula\x1b[2J"
COMMAND = "./store pulumi config set --stack trial --path nexus.acceptEula true && make up STACK=trial"
VALUES = {
    "url": "https://nexus.domain.org",
    "docker_registry": "nexus.domain.org",
    "jenkins_credentials": {"id": "nexus-ci", "username": "jenkins"},
    "nexus_kind": "sonatype",
    "eula_accepted": False,
}
LACKING = {"/v1/system/eula": {"accepted": False, "disclaimer": TEXT}}
DEPLOYED = {**VALUES, "eula_accepted": True}


class Up:
    """An `up` on a server that lacks the agreement; records what the stack file gets and what is deployed."""

    def __init__(self, patch: pytest.MonkeyPatch, lacks: str = TEXT) -> None:
        self.set: list[tuple[str, ...]] = []
        self.deployed = 0
        patch.setattr(licence, "text", lambda *_: lacks)
        patch.setattr(licence, "pulumi", lambda _key, *words, env: self.set.append(words))
        patch.setattr("cli.recovery.recovery.Recovery.of", lambda *_: type("Found", (), {"state": None}))
        patch.setattr(up, "_deploy", lambda *_: self._deployed())

    def _deployed(self) -> Mapping[str, Any]:
        self.deployed += 1
        return DEPLOYED

    def finish(self, options: up.Options | None = None, values: Mapping[str, Any] = VALUES) -> Mapping[str, Any]:
        found = Ready(Stack("trial"), Docker(), {})
        return up._with_licence(found, options or up.Options(), values)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Standard input is a terminal, at which a person types."""
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)

        def type_(words: str) -> None:
            os.write(master, words.encode())

        yield type_
    os.close(master)


def test_a_yes_in_a_terminal_is_written_and_applied(
    monkeypatch: pytest.MonkeyPatch, typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    trial = Up(monkeypatch)
    typed("yes\n")
    assert trial.finish() == DEPLOYED
    assert trial.set == [("config", "set", "--stack", "trial", "--path", "nexus.acceptEula", "true")]
    shown = capsys.readouterr().err
    assert "https://links.sonatype.com/products/nxrm/ce-eula" in shown
    assert "\x1b" not in shown, "the server's text must not control the terminal"


@pytest.mark.parametrize("answer", ["\n", "no\n", "y\n"])
def test_anything_else_leaves_it_and_warns(
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
    typed: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    trial = Up(monkeypatch)
    typed(answer)
    assert trial.finish() == VALUES
    assert (trial.set, trial.deployed) == ([], 0)
    assert COMMAND in capsys.readouterr().err


@pytest.mark.parametrize("options", [up.Options(yes=True), replace(up.Options(), plan="plan")])  # type: ignore[arg-type]
def test_yes_and_a_plan_accept_nothing(
    options: up.Options,
    monkeypatch: pytest.MonkeyPatch,
    typed: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    trial = Up(monkeypatch)
    typed("yes\n")
    assert trial.finish(options) == VALUES
    assert trial.set == []
    assert COMMAND in capsys.readouterr().err


def test_without_a_terminal_the_one_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = Up(monkeypatch)
    with open(os.devnull) as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert trial.finish() == VALUES
    (line,) = capsys.readouterr().err.splitlines()
    assert "nexus.acceptEula: the licence agreement is not accepted, so Nexus refuses content with 403" in line
    assert line.endswith(f"Fix: {COMMAND}")


def test_an_accepted_agreement_is_no_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Up(monkeypatch, lacks="").finish()["eula_accepted"] is True
    assert Up(monkeypatch).finish(values=DEPLOYED) == DEPLOYED
    assert capsys.readouterr().err == ""


def test_the_next_steps_name_it_before_the_push(capsys: pytest.CaptureFixture[str]) -> None:
    up.next_steps("trial", VALUES)
    lines = capsys.readouterr().out.splitlines()
    (accepting,) = [number for number, line in enumerate(lines) if COMMAND in line]
    assert accepting < next(number for number, line in enumerate(lines) if "docker login" in line)
    up.next_steps("trial", DEPLOYED)
    assert "acceptEula" not in capsys.readouterr().out


class Server:
    """Answers from a table; other paths with the error of the table's key `else`."""

    def __init__(self, answers: Mapping[str, Any], otherwise: type[Exception] = NotFound) -> None:
        self._answers, self._otherwise = answers, otherwise

    def get(self, path: str, **_query: str) -> Any:
        if path not in self._answers:
            raise self._otherwise("no")
        return self._answers[path]

    def downloads(self, path: str) -> bool:
        return path in self._answers


def stored(format_: str, *, served: str = "") -> dict[str, Any]:
    """A server with a file in a hosted repository."""
    return {
        **LACKING,
        "/v1/repositories": [{"name": "ours", "type": "hosted", "format": format_}],
        "/v1/assets": {"items": [{"repository": "ours", "path": "/docs/an ä.txt"}]},
        **({served: ""} if served else {}),
    }


@pytest.mark.parametrize(
    ("answers", "otherwise", "expected"),
    [
        ({}, NotFound, ""),
        ({"/v1/system/eula": {"accepted": True, "disclaimer": TEXT}}, NotFound, ""),
        (LACKING, NotFound, TEXT),
        (LACKING, Rejected, TEXT),  # 402: no licence
        ({**LACKING, "/v1/system/license": {"licenseType": "Pro"}}, NotFound, ""),
        (stored("raw"), NotFound, TEXT),
        (stored("raw", served="/repository/ours/docs/an%20%C3%A4.txt"), NotFound, ""),  # the open-source core
        (stored("npm", served="/repository/ours/docs/an%20%C3%A4.txt"), NotFound, TEXT),
    ],
)
def test_what_is_missing_is_what_the_server_says(
    answers: Mapping[str, Any], otherwise: type[Exception], expected: str
) -> None:
    assert agreement.missing(Server(answers, otherwise)) == expected


def test_doctor_has_a_row_with_the_command() -> None:
    empty: dict[str, Any] = {"deployment": {"resources": []}}
    api = Server({**LACKING, "/v1/status/writable": {}})
    found = [row for row in server.of_server(Stack("trial"), api, empty) if row.what == "licence"]  # type: ignore[arg-type]
    assert [row.fix for row in found] == [COMMAND]
