"""Posts to the webhook of a chat, such as Slack, Mattermost, Teams or Google Chat: JSON with a `text`.

Names and values come from the server, where others write them: in the chat they stay text.
"""

import os
from collections.abc import Sequence
from urllib.parse import urlsplit

import requests

from cli.errors import CommandError
from reports.text import line, unlinked

VARIABLE = "WEBHOOK"
_SECONDS = 20
_LINES = 30
# Slack's markup is in <>, like <!channel>; it and the others show these entities as the characters.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def of_environment() -> str:
    """The URL in WEBHOOK, which is a secret, since it allows posting there; empty if unset.

    Raises:
        CommandError: it is not a URL of HTTPS.
    """
    url = os.environ.get(VARIABLE, "")
    if url and not _is_https(url):
        raise CommandError(
            VARIABLE, "not a URL of HTTPS", allowed="https://HOST/PATH", fix=f"export {VARIABLE}=https://..."
        )
    return url


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def message(stack: str, found: list[list[str]], added: Sequence[str] = ()) -> str:
    """What was added, the administrators first, and the differences, shortened; no line contains a secret."""
    if not found and not added:
        return f"{stack} is as its stack file says."
    lines = [*added, *([f"make up STACK={stack} would:"] if found else []), *(line for each in found for line in each)]
    shown = list(map(_on_one_line, lines[:_LINES])) + (
        [f"and {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    )
    count = len(found) + len(added)
    head = f"{stack} is not as its stack file says ({count} {'difference' if count == 1 else 'differences'}):"
    return "\n".join([head, *shown])


def _on_one_line(text: str) -> str:
    """The text with its indent, and with invisible characters escaped."""
    return f"{text[: len(text) - len(text.lstrip(' '))]}{line(text)}"


def send(url: str, text: str) -> None:
    """Posts the text so that it contains no mention, link or other markup of the chat.

    Raises:
        CommandError: it cannot be delivered. The message does not contain the URL.
    """
    try:
        answer = requests.post(
            url, json={"text": unlinked(text.translate(_ENTITIES))}, timeout=_SECONDS, allow_redirects=False
        )
    except requests.exceptions.RequestException as error:
        raise CommandError(VARIABLE, f"the report cannot be delivered ({type(error).__name__})") from None
    if not answer.ok or answer.is_redirect:
        raise CommandError(VARIABLE, f"the webhook answers {answer.status_code}", allowed="2xx")
