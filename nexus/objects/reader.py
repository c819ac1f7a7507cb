"""Reads objects, with one request for all of a kind where it can: Nexus's Community Edition counts requests."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from typing import Any

from nexus.errors import NexusError, NotFound, Unreachable
from nexus.http.client import NexusClient
from nexus.http.listing import fetched
from nexus.kinds import KINDS
from nexus.kinds.base import Kind
from nexus.kinds.form import Body
from nexus.model import Ref

# Long enough for the reads of one refresh, short enough that no decision is based on an old answer.
_FRESH_SECONDS = 5.0

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
        return self._kept(path, identity, first, lambda: fetched(self._client, path))[2].get(name)

    def entries(self, path: str, page: str, *, first: bool = False) -> Entries:
        """All entries; `page` is the key that holds them, if the answer is not a bare list."""
        return self._kept(path, "", first, lambda: fetched(self._client, path, page))[1]

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


class Reader:
    """Reads the objects of one server, in the form of its API's requests, and changes none."""

    def __init__(self, client: NexusClient) -> None:
        self.client = client
        self._listings = Listings(client)
        self._kinds: dict[str, Kind] = {}

    def kind(self, name: str) -> Kind:
        """The row of the kind, with the paths that this server has."""
        if name not in self._kinds:
            self._kinds[name] = KINDS[name].on(self._answers)
        return self._kinds[name]

    def live(self, ref: Ref, like: Mapping[str, Any] | None = None) -> Body | None:
        """The current state under the names of the request; None if there is no such object.

        If several objects match, the one that is most `like` the wanted one.
        """
        kind = self.kind(ref.kind)
        try:
            if kind.id_field:
                found = self._chosen(kind, ref, fetched(self.client, kind.listing, kind.page), like)
            else:
                found = kind.picked(ref, self.client.get(ref.path(kind.read or kind.item)))
        except NotFound:
            return None
        if found is None or kind.is_another(ref, found):
            return None
        return self._of_response(kind, ref, found, first=False)

    def listed(self, ref: Ref, declared: Mapping[str, Any]) -> Body | None:
        """The same from a list that is at most a few seconds old, for reading many objects with few requests."""
        return self._in_list(ref, declared, first=False)

    def at_first(self, ref: Ref, declared: Mapping[str, Any]) -> Body | None:
        """The same as it was when this run first asked for objects of the kind."""
        return self._in_list(ref, declared, first=True)

    def placeholder_of(self, ref: Ref) -> Body | None:
        """The placeholder that an interrupted replacement of the repository has left, as this run first saw it."""
        beside = KINDS[ref.kind].placeholder(ref)
        return self.at_first(beside, {}) if beside else None

    def has_placeholder(self, ref: Ref) -> bool:
        """Whether there is such a placeholder now."""
        beside = KINDS[ref.kind].placeholder(ref)
        return beside is not None and self.listed(beside, {}) is not None

    def _in_list(self, ref: Ref, declared: Mapping[str, Any], *, first: bool) -> Body | None:
        kind = self.kind(ref.kind)
        if not kind.listing:
            return self.live(ref)
        if kind.id_field:
            entries = self._listings.entries(kind.listing, kind.page, first=first)
            return kind.from_response(self._chosen(kind, ref, entries, declared))
        found = self._listings.entry(kind.listing, kind.identity, ref.name, first=first)
        if found is None or kind.is_another(ref, found):
            return None
        whole = kind.from_list(found, declared)
        return self.live(ref) if whole is None else self._of_response(kind, ref, whole, first=first)

    def _of_response(self, kind: Kind, ref: Ref, found: Any, *, first: bool) -> Body | None:
        attributes = partial(self._listings.attributes, ref.name, first=first)
        return kind.from_response(kind.shown(found, attributes))

    def entries(self, name: str) -> list[Body]:
        """Every object of a kind, as the server lists them."""
        kind = self.kind(name)
        return [kind.from_response(entry) or {} for entry in fetched(self.client, kind.listing, kind.page)]

    def _answers(self, path: str) -> bool:
        try:
            self.client.get(path)
        except Unreachable:
            raise
        except NexusError:
            return False
        return True

    def _chosen(self, kind: Kind, ref: Ref, entries: Any, like: Mapping[str, Any] | None) -> Any:
        if ref.id:
            return next((entry for entry in entries if entry[kind.id_field] == ref.id), None)
        assert kind.key is not None  # noqa: S101 - the table of kinds has one for every kind with an assigned id
        same = [entry for entry in entries if kind.key(entry) == kind.key_of(ref)]
        if like is not None:
            same.sort(key=lambda entry: len(kind.differing(ref, kind.from_response(entry) or {}, like)))
        return next(iter(same), None)
