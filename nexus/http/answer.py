"""Reads any answer of a server, with a limit on its size and a check of its type."""

import html
import json
import re
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from nexus.advice import GIVE_URL
from nexus.errors import AnswerLost, NexusError, Unreadable
from nexus.http.transport import TooLarge
from nexus.problem import Problem

_PIECE = 64 * 1024
_PAGE = re.compile(r"\s*(<!doctype\b|<\?xml\b|<!--|<html\b|<head\b|<body\b|<h1\b|<title\b)", re.I)
_TITLE = re.compile(r"<(title|h1)\b[^>]*>(.*?)</\1\s*>", re.I | re.S)
_TAG = re.compile(r"<[^>]*>")


def read(response: requests.Response, what: str) -> None:
    """Reads the body of a streamed response into it.

    Raises:
        AnswerLost: the connection ended, or the time was up, before the answer was complete.
        Unreadable: it is larger than the transport accepts, or compressed although the request did not allow it.
    """
    encoding = response.headers.get("Content-Encoding", "identity")
    try:
        if encoding != "identity":
            raise Unreadable(f"{what}: the answer is compressed ({encoding!r:.40}), which was not requested")
        response._content = b"".join(iter(lambda: response.raw.read(_PIECE), b""))
        response._content_consumed = True  # type: ignore[attr-defined]
    except TooLarge as error:
        raise Unreadable(f"{what}: {error}") from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise AnswerLost(f"{what}: the answer ended midway or took too long: {type(error).__name__}") from None
    finally:
        response.close()


def document(response: requests.Response, what: str) -> Any:
    """The answer's JSON; None if it is empty or of another type.

    Raises:
        Unreadable: it claims to be JSON but is not, or a GET was answered with an HTML page.
    """
    if not response.content:
        return None
    kind = response.headers.get("Content-Type", "")
    if "json" not in kind:
        if response.request.method == "GET" and "html" in kind:
            raise Unreadable(Problem(what, "the answer is an HTML page", "Nexus's JSON", GIVE_URL))
        return None
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        raise Unreadable(
            f"{what}: the answer claims to be JSON but is not: {one_line(words(response.text))[:80]}"
        ) from None


def redirected(response: requests.Response, what: str) -> NexusError:
    """The error for a redirect, which is not followed so that no password is sent elsewhere."""
    there = urlsplit(response.headers.get("Location", ""))
    place = f"{there.scheme}://{there.hostname}{there.path}" if there.hostname else there.path or "nowhere"
    return Unreadable(
        Problem(
            what,
            f"the server answers {response.status_code} and redirects to {one_line(place)[:200]}, not followed",
            "Nexus's own answer",
            GIVE_URL,
        )
    )


def words(text: str) -> str:
    """A text without markup: of a page, as proxies and servlet containers answer, its title."""
    if not _PAGE.match(text):
        return text
    found = _TITLE.search(text)
    title = _TAG.sub("", html.unescape(found[2])).strip() if found else ""
    return title or "an HTML page without a title"


def one_line(text: str) -> str:
    """A server's text without line breaks and control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
