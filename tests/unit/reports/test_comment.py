"""A report is one comment on a pull request, which later runs edit; tested with a fake of GitHub's API."""

import json
from collections.abc import Iterator
from http.server import HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from reports.comment import NotCommented, PullRequest, put
from reports.markdown import marker
from tests.support.serving import SilentHandler, serve, stop

URL = "https://github.com/owner/store/pull/7"
TOKEN = "t0ken-word"
BOT = "store-bot"


class GitHub(HTTPServer):
    comments: list[dict[str, Any]]
    asked: list[str]


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
        self.send_response(status)
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
    return PullRequest.of(URL, f"http://127.0.0.1:{github.server_port}")


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
        put(PullRequest.of(URL, "http://127.0.0.1:9"), report("staging", "x"), session)


@pytest.mark.parametrize(
    ("url", "comments"),
    [
        (URL, "https://api.github.com/repos/owner/store/issues/7/comments"),
        ("https://git.domain.org/a/b/pull/1/", "https://git.domain.org/api/v3/repos/a/b/issues/1/comments"),
    ],
)
def test_the_api_url_follows_from_the_pull_requests_url(url: str, comments: str) -> None:
    assert PullRequest.of(url).comments == comments


@pytest.mark.parametrize("url", ["", "http://github.com/a/b/pull/1", "https://github.com/a/b/issues/1"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(NotCommented, match="give a URL like"):
        PullRequest.of(url)
