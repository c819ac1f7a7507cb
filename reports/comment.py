"""python -m reports.comment PULL_REQUEST_URL REPORT: puts a report on a pull request of GitHub.

A comment of an earlier run is edited in place: it begins with the same hidden line and is by the account of the token.
The token is GITHUB_TOKEN; it needs to write pull requests and nothing else.
"""

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import requests

_PULL_REQUEST = re.compile(r"^https://(?P<host>[^/]+)/(?P<repository>[^/]+/[^/]+)/pull/(?P<number>\d+)/?$")
_MARKER = "<!-- repository-store preview of "
_PAGE = 100
_SECONDS = 30


class NotCommented(Exception):
    """The report is on no pull request; the text is one line for people."""


@dataclass(frozen=True)
class PullRequest:
    """Where GitHub's API keeps the comments of a pull request."""

    api: str
    repository: str
    number: str

    @classmethod
    def of(cls, url: str, api: str = "") -> Self:
        """The pull request of a URL as browsers show it, on github.com or on a GitHub Enterprise Server.

        Raises:
            NotCommented: it is no such URL.
        """
        found = _PULL_REQUEST.match(url)
        if not found:
            raise NotCommented(f"{url!r} is no pull request; give a URL like https://github.com/OWNER/NAME/pull/7")
        host = found["host"]
        usual = "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"
        return cls(api or usual, found["repository"], found["number"])

    @property
    def graphql(self) -> str:
        """Where an account may ask who it is; REST tells that to people only, and not to the account of an action."""
        return f"{self.api.removesuffix('/v3')}/graphql"

    @property
    def comments(self) -> str:
        return f"{self.api}/repos/{self.repository}/issues/{self.number}/comments"

    def comment(self, identity: int) -> str:
        return f"{self.api}/repos/{self.repository}/issues/comments/{identity}"


def put(pull_request: PullRequest, report: str, session: requests.Session) -> str:
    """Edits the earlier comment of the same stack or adds one; returns its address.

    Raises:
        NotCommented: the report has no marker, or GitHub refuses.
    """
    marker = report.split("\n", 1)[0]
    if not marker.startswith(_MARKER):
        raise NotCommented("the report does not begin with its hidden line; give one that `make preview-report` wrote")
    earlier = _earlier(pull_request, marker, session)
    method, url = ("PATCH", pull_request.comment(earlier)) if earlier else ("POST", pull_request.comments)
    return str(_asked(session, method, url, json={"body": report})["html_url"])


def _earlier(pull_request: PullRequest, marker: str, session: requests.Session) -> int | None:
    """The comment of an earlier run. One with the same hidden line by somebody else is theirs, and stays as it is."""
    account, page = _account(pull_request, session), 1
    while True:
        found = _asked(session, "GET", pull_request.comments, params={"per_page": _PAGE, "page": page})
        for comment in found:
            is_ours = _spelled(str((comment.get("user") or {}).get("login"))) == account
            if is_ours and str(comment.get("body", "")).split("\n", 1)[0].rstrip() == marker:
                return int(comment["id"])
        if len(found) < _PAGE:
            return None
        page += 1


def _account(pull_request: PullRequest, session: requests.Session) -> str:
    answer = _asked(session, "POST", pull_request.graphql, json={"query": "{viewer{login}}"})
    login = ((answer.get("data") or {}).get("viewer") or {}).get("login") if isinstance(answer, dict) else None
    if not login:
        raise NotCommented(f"{pull_request.graphql} does not say whose GITHUB_TOKEN is: give a token of an account")
    return _spelled(str(login))


def _spelled(login: str) -> str:
    """The account of an app has a suffix in one API and none in the other."""
    return login.removesuffix("[bot]").lower()


def _asked(session: requests.Session, method: str, url: str, **more: Any) -> Any:
    try:
        answer = session.request(method, url, timeout=_SECONDS, **more)
    except requests.RequestException as error:
        raise NotCommented(f"{url} does not answer: {type(error).__name__}") from None
    if answer.ok:
        return answer.json()
    remedy = (
        "check that GITHUB_TOKEN may write pull requests there" if answer.status_code in (401, 403, 404) else "retry"
    )
    raise NotCommented(f"GitHub answers {answer.status_code} {answer.reason} to {method} {url}: {remedy}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m reports.comment")
    parser.add_argument("pull_request", help="its URL as browsers show it")
    parser.add_argument("report", type=Path, help="the file that `make preview-report` wrote")
    asked = parser.parse_args()
    session = requests.Session()
    try:
        session.headers.update({"Accept": "application/vnd.github+json", "Authorization": f"Bearer {_token()}"})
        pull_request = PullRequest.of(asked.pull_request, os.environ.get("GITHUB_API_URL", ""))
        print(put(pull_request, asked.report.read_text(encoding="utf-8"), session))
    except (NotCommented, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _token() -> str:
    token = os.environ.get("GITHUB_TOKEN", "")
    if not token:
        raise NotCommented("GITHUB_TOKEN is not set; give a token that may write pull requests")
    return token


if __name__ == "__main__":
    sys.exit(main())
