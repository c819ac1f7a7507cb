"""One request for all objects of a kind instead of one for each: Nexus's Community Edition counts requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nexus.errors import NexusError, Unreadable

if TYPE_CHECKING:
    from nexus.http.client import NexusClient

# Long enough for the reads of one refresh, short enough that no decision is based on an old answer.
_FRESH_SECONDS = 5.0

_PAGES = 1000

_REPOSITORY_ACTION = "coreui_Repository"

Entries = Sequence[dict[str, Any]]
Listing = tuple[float, Entries, dict[str, dict[str, Any]]]
"""When it was read, and its entries in the server's order and by name."""


class Listings:
    """The server's lists as last read; a write discards them all."""

    def __init__(self, client: NexusClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._read: dict[str, Listing] = {}
        self._first: dict[str, Listing] = {}

    def entry(self, path: str, identity: str, name: str, *, first: bool = False) -> dict[str, Any] | None:
        """The entry of that name, now or when the list was first read."""
        return self._list(path, "", identity, first)[2].get(name)

    def entries(self, path: str, page: str, *, first: bool = False) -> Entries:
        """All entries; `page` is the key that holds them, if the answer is not a bare list."""
        return self._list(path, page, "", first)[1]

    def attributes(self, repository: str, *, first: bool = False) -> dict[str, Any]:
        """A repository's attributes as the administration pages get them; empty if the server does not return them."""
        named = self._kept(_REPOSITORY_ACTION, "name", first, self._pages_repositories)[2]
        found = named.get(repository, {}).get("attributes")
        return found if isinstance(found, dict) else {}

    def _pages_repositories(self) -> Entries:
        try:
            return [entry for entry in self._client.asked_by_pages(_REPOSITORY_ACTION) if "name" in entry]
        except NexusError:
            return []

    def forget(self) -> None:
        with self._lock:
            self._read.clear()

    def _list(self, path: str, page: str, identity: str, first: bool) -> Listing:
        return self._kept(path, identity, first, lambda: fetched(self._client, path, page))

    def _kept(self, path: str, identity: str, first: bool, fetch: Callable[[], Entries]) -> Listing:
        with self._lock:
            if first and path in self._first:
                return self._first[path]
            at, *_ = found = self._read.get(path, (-inf, [], {}))
            if time.monotonic() - at > _FRESH_SECONDS:
                entries = fetch()
                named = {str(entry[identity]): entry for entry in entries} if identity else {}
                self._read[path] = found = time.monotonic(), entries, named
                self._first.setdefault(path, found)
            return found


def fetched(client: NexusClient, path: str, page: str = "") -> Entries:
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


def _entries(path: str, answer: Any) -> Entries:
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
