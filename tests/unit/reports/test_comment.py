"""A report is one comment on a pull request, which later runs edit; tested with a fake of GitHub's API."""

import json
import sys
from collections.abc import Iterator
from http.server import HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from reports import comment
from reports.comment import NotCommented, PullRequest, put
from reports.markdown import marker
from tests.support.serving import SilentHandler, serve, stop

URL = "https://github.com/owner/store/pull/7"
TOKEN = "t0ken-word"
BOT = "store-bot"


class GitHub(HTTPServer):
    comments: list[dict[str, Any]]
    asked: list[str]
    moved: str = ""


class Handler(SilentHandler):
    server: GitHub

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        size, page = int(query["per_page"][0]), int(query["page"][0])
        self._answer(200, self.server.comments[(page - 1) * size : page * size])

    def do_POST(self) -> None:
        if self.path == "/graphql":
            self._body()
            self._answer(200, {"data": {"viewer": {"login": "store-bot[bot]"}}})
            return
        comment = {
            "user": {"login": BOT},
            "id": len(self.server.comments) + 1,
            "html_url": f"{URL}#new",
            **self._body(),
        }
        self.server.comments.append(comment)
        self._answer(201, comment)

    def do_PATCH(self) -> None:
        comment = self.server.comments[int(self.path.rsplit("/", 1)[1]) - 1]
        comment.update(self._body())
        self._answer(200, comment)

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return body

    def _answer(self, status: int, body: Any) -> None:
        self.server.asked.append(f"{self.command} {urlsplit(self.path).path}")
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            status, body = 401, {"message": "Bad credentials"}
        text = json.dumps(body).encode()
        self.send_response(307 if self.server.moved else status)
        if self.server.moved:
            self.send_header("Location", self.server.moved)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def github() -> Iterator[GitHub]:
    server = GitHub(("127.0.0.1", 0), Handler)
    server.comments, server.asked = [], []
    serve(server)
    yield server
    stop(server)


@pytest.fixture
def session() -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    made.headers["Authorization"] = f"Bearer {TOKEN}"
    return made


def pull_request(github: GitHub) -> PullRequest:
    return PullRequest(f"http://127.0.0.1:{github.server_port}", "owner/store", "7")


def report(stack: str, text: str) -> str:
    return f"{marker(stack)}\n\n{text}\n"


def test_a_second_run_edits_the_first_comment(github: GitHub, session: requests.Session) -> None:
    for text in ("first", "second"):
        put(pull_request(github), report("staging", text), session)
    assert [comment["body"] for comment in github.comments] == [report("staging", "second")]
    assert github.asked[-1] == "PATCH /repos/owner/store/issues/comments/1"


def test_each_stack_has_its_own_comment_beside_those_of_people(github: GitHub, session: requests.Session) -> None:
    github.comments.append({"id": 1, "html_url": "", "body": f"I saw {marker('staging')} there"})
    for stack in ("staging", "production", "staging"):
        put(pull_request(github), report(stack, "x"), session)
    assert len(github.comments) == 3


def test_a_comment_of_others_with_the_hidden_line_is_not_edited(github: GitHub, session: requests.Session) -> None:
    theirs = {"id": 1, "html_url": "", "body": report("staging", "approved by all"), "user": {"login": "mallory"}}
    github.comments.append(dict(theirs))
    for text in ("first", "second"):
        put(pull_request(github), report("staging", text), session)
    assert github.comments[0] == theirs
    assert [comment["body"] for comment in github.comments[1:]] == [report("staging", "second")]


def test_the_comment_is_found_after_a_hundred_others(github: GitHub, session: requests.Session) -> None:
    github.comments.extend({"id": i + 1, "html_url": "", "body": "talk"} for i in range(150))
    github.comments[120] |= {
        "body": report("staging", "old").replace("\n", "\r\n"),
        "user": {"login": "store-bot[bot]"},
    }
    put(pull_request(github), report("staging", "new"), session)
    assert len(github.comments) == 150
    assert github.comments[120]["body"] == report("staging", "new")


def test_only_reports_are_posted(github: GitHub, session: requests.Session) -> None:
    with pytest.raises(NotCommented, match="does not begin with its hidden line"):
        put(pull_request(github), "hello\n", session)
    assert github.asked == []


def test_a_refusal_has_a_fix_and_no_token(github: GitHub, session: requests.Session) -> None:
    session.headers["Authorization"] = "Bearer wrong-word"
    with pytest.raises(NotCommented, match=r"401 Unauthorized .* check that GITHUB_TOKEN may write") as caught:
        put(pull_request(github), report("staging", "x"), session)
    assert "wrong-word" not in str(caught.value)


def test_a_server_that_is_down_is_reported(session: requests.Session) -> None:
    with pytest.raises(NotCommented, match="does not answer: ConnectionError"):
        put(PullRequest("http://127.0.0.1:9", "owner/store", "7"), report("staging", "x"), session)


def test_a_redirect_is_not_followed(github: GitHub, session: requests.Session) -> None:
    github.moved = f"http://localhost:{github.server_port}/elsewhere"
    with pytest.raises(NotCommented, match="the repository's current name in GITHUB_REPOSITORY"):
        put(pull_request(github), report("staging", "x"), session)
    assert github.asked == ["POST /graphql"]


@pytest.mark.parametrize(
    ("api", "comments"),
    [
        ({}, "https://api.github.com/repos/owner/store/issues/7/comments"),
        (
            {"GITHUB_API_URL": "https://git.domain.org/api/v3"},
            "https://git.domain.org/api/v3/repos/owner/store/issues/7/comments",
        ),
    ],
)
def test_host_and_repository_come_from_the_environment(api: dict[str, str], comments: str) -> None:
    assert PullRequest.of("7", {"GITHUB_REPOSITORY": "owner/store", **api}).comments == comments


ELSEWHERE = "https://github.com.evil.example/owner/store/pull/7"


@pytest.mark.parametrize("number", ["", "0", "7/../8", "7\n", "seven", "\u0667", URL, ELSEWHERE])
def test_only_a_number_is_taken_from_outside(number: str) -> None:
    with pytest.raises(NotCommented, match=r"PULL_REQUEST: .* give one like 7"):
        PullRequest.of(number, {"GITHUB_REPOSITORY": "owner/store"})


def test_the_token_is_sent_to_no_host_that_the_pull_request_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = list[str]()
    monkeypatch.setattr(requests.Session, "request", lambda _session, _method, url, **_: sent.append(url))
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/store")
    monkeypatch.delenv("GITHUB_API_URL", raising=False)
    file = tmp_path / "preview-staging.md"
    file.write_text(report("staging", "x"))
    monkeypatch.setattr(sys, "argv", ["comment", ELSEWHERE, str(file)])
    assert comment.main() == 1
    assert sent == []
    assert TOKEN not in capsys.readouterr().err


@pytest.mark.parametrize("repository", ["", "store", "owner/store/more", "owner/..", "../store", "owner/store?x"])
def test_an_invalid_repository_is_refused(repository: str) -> None:
    with pytest.raises(NotCommented, match=r"GITHUB_REPOSITORY: .* give OWNER/NAME"):
        PullRequest.of("7", {"GITHUB_REPOSITORY": repository})


@pytest.mark.parametrize("api", ["http://api.github.com", "https://token@git.domain.org", "https://git.domain.org/?x="])
def test_an_invalid_api_is_refused(api: str) -> None:
    with pytest.raises(NotCommented, match=r"GITHUB_API_URL: .* give one like https://api\.github\.com"):
        PullRequest.of("7", {"GITHUB_REPOSITORY": "owner/store", "GITHUB_API_URL": api})
