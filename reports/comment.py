"""python -m reports.comment NUMBER REPORT: posts a report on a pull request of GitHub.

The comment of an earlier run is edited in place: it starts with the same hidden line and is by the token's account.
The token is GITHUB_TOKEN; all that it needs is permission to write pull requests. Where it is sent follows from
GITHUB_REPOSITORY and GITHUB_API_URL alone, which a job takes from its own configuration and GitHub Actions sets itself.
"""

import argparse
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import requests

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_REPOSITORY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_API = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._-]+)*/?")
_USUAL_API = "https://api.github.com"
_MARKER = "<!-- repository-store preview of "
_PAGE = 100
_SECONDS = 30


class NotCommented(Exception):
    """The report was not posted; the text is one line that says why."""


@dataclass(frozen=True)
class PullRequest:
    """A pull request, and the URLs of its comments in GitHub's API."""

    api: str
    repository: str
    number: str

    @classmethod
    def of(cls, number: str, environment: Mapping[str, str]) -> Self:
        """The pull request with a number, in GITHUB_REPOSITORY on the server of GITHUB_API_URL.

        Raises:
            NotCommented: one of the three is missing or invalid.
        """
        repository = environment.get("GITHUB_REPOSITORY", "")
        api = environment.get("GITHUB_API_URL") or _USUAL_API
        if not _NUMBER.fullmatch(number):
            raise NotCommented(f"PULL_REQUEST: {number!r} is not the number of a pull request; give one like 7")
        if not _REPOSITORY.fullmatch(repository):
            raise NotCommented(f"GITHUB_REPOSITORY: {repository!r} is not a repository; give OWNER/NAME")
        if not _API.fullmatch(api):
            raise NotCommented(f"GITHUB_API_URL: {api!r} is not a URL of GitHub's API; give one like {_USUAL_API}")
        return cls(api.rstrip("/"), repository, number)

    @property
    def graphql(self) -> str:
        """Where a token can ask for its account; REST answers that only for users, not for the account of an action."""
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
    return str(_request(session, method, url, json={"body": report})["html_url"])


def _earlier(pull_request: PullRequest, marker: str, session: requests.Session) -> int | None:
    """The comment of an earlier run; one of another account is left alone, even if it has the same hidden line."""
    account, page = _account(pull_request, session), 1
    while True:
        found = _request(session, "GET", pull_request.comments, params={"per_page": _PAGE, "page": page})
        for comment in found:
            is_ours = _normalized(str((comment.get("user") or {}).get("login"))) == account
            if is_ours and str(comment.get("body", "")).split("\n", 1)[0].rstrip() == marker:
                return int(comment["id"])
        if len(found) < _PAGE:
            return None
        page += 1


def _account(pull_request: PullRequest, session: requests.Session) -> str:
    answer = _request(session, "POST", pull_request.graphql, json={"query": "{viewer{login}}"})
    login = ((answer.get("data") or {}).get("viewer") or {}).get("login") if isinstance(answer, dict) else None
    if not login:
        raise NotCommented(f"{pull_request.graphql} names no account for GITHUB_TOKEN: give a token of an account")
    return _normalized(str(login))


def _normalized(login: str) -> str:
    """The login without the suffix that an app's account has in only one of the APIs."""
    return login.removesuffix("[bot]").lower()


def _request(session: requests.Session, method: str, url: str, **more: Any) -> Any:
    try:
        answer = session.request(method, url, timeout=_SECONDS, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise NotCommented(f"{url} does not answer: {type(error).__name__}") from None
    if answer.is_redirect:
        raise NotCommented(f"GitHub redirects {method} {url}: give the repository's current name in GITHUB_REPOSITORY")
    if answer.ok:
        return answer.json()
    remedy = (
        "check that GITHUB_TOKEN may write pull requests there" if answer.status_code in (401, 403, 404) else "retry"
    )
    raise NotCommented(f"GitHub answers {answer.status_code} {answer.reason} to {method} {url}: {remedy}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m reports.comment")
    parser.add_argument("pull_request", help="its number, like 7")
    parser.add_argument("report", type=Path, help="the file that `make preview-report` wrote")
    arguments = parser.parse_args()
    session = requests.Session()
    try:
        session.headers.update({"Accept": "application/vnd.github+json", "Authorization": f"Bearer {_token()}"})
        pull_request = PullRequest.of(arguments.pull_request, os.environ)
        print(put(pull_request, arguments.report.read_text(encoding="utf-8"), session))
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
