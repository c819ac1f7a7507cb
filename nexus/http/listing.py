"""Reads the whole list of a kind's objects."""

from typing import Any, Protocol
from urllib.parse import quote

from nexus.errors import Unreadable

_PAGES = 1000


class Api(Protocol):
    """The part of NexusClient that only reads."""

    def get(self, path: str, **query: str) -> Any: ...


def fetched(client: Api, path: str, page: str = "") -> list[dict[str, Any]]:
    """The whole list, page by page if the server splits it."""
    answer = client.get(path)
    if not page:
        return _entries(path, answer)
    mark = "&" if "?" in path else "?"
    found = list(_entries(path, _page(path, answer).get(page)))
    asked: set[str] = set()
    while following := _following(answer):
        if following in asked or len(asked) >= _PAGES:
            raise Unreadable(f"GET {path}: the list has no end: after {len(asked)} pages {following!r:.80} comes next")
        asked.add(following)
        answer = _page(path, client.get(f"{path}{mark}{following}"))
        found += _entries(path, answer.get(page))
    return found


def _page(path: str, answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise Unreadable(f"GET {path}: the answer is not a page of a list")
    return answer


def _entries(path: str, answer: Any) -> list[dict[str, Any]]:
    entries = answer or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Unreadable(f"GET {path}: the answer is not a list of objects")
    return entries


def _following(answer: dict[str, Any]) -> str:
    """The query of the next page, by a continuation token or a page number from 0; empty after the last page."""
    if answer.get("continuationToken"):
        return f"continuationToken={quote(str(answer['continuationToken']), safe='')}"
    number, pages = answer.get("page") or 0, answer.get("totalPages") or 0
    if not isinstance(number, int) or not isinstance(pages, int):
        return ""
    return f"page={number + 1}" if number + 1 < pages else ""
