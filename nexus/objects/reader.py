from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nexus.errors import NexusError, NotFound, Unreachable
from nexus.http.client import NexusClient
from nexus.kinds import KINDS
from nexus.kinds.base import Kind
from nexus.objects import bodies
from nexus.objects.bodies import Body
from nexus.objects.differences import differing
from nexus.objects.listings import Listings, fetched
from nexus.objects.ref import Ref


def is_raw_group(entry: Mapping[str, Any]) -> bool:
    return entry.get("format") == "raw" and entry.get("type") == "group"


class Reader:
    """Reads the objects of one server, in the form of its API's requests, and changes none."""

    def __init__(self, client: NexusClient) -> None:
        self.client = client
        self._listings = Listings(client)
        self._uses_fallback: dict[str, bool] = {}

    def kind(self, name: str) -> Kind:
        """The row of the kind, with the paths that this server has."""
        kind = KINDS[name]
        if kind.fallback is None:
            return kind
        usual, other = kind.fallback
        if name not in self._uses_fallback:
            self._uses_fallback[name] = not self._answers(usual)
        if not self._uses_fallback[name]:
            return kind
        moved = {key: getattr(kind, key).replace(usual, other, 1) for key in ("create", "item", "remove", "listing")}
        return replace(kind, **moved)

    def live(self, ref: Ref, like: Mapping[str, Any] | None = None) -> Body | None:
        """The current state under the names of the request; None if there is no such object.

        If several objects match, the one that is most `like` the wanted one.
        """
        kind = self.kind(ref.kind)
        try:
            return bodies.from_response(kind, self._with_raw_attributes(ref, self._found(kind, ref, like), first=False))
        except NotFound:
            return None

    def listed(self, ref: Ref, declared: Mapping[str, Any]) -> Body | None:
        """The same from a list that is at most a few seconds old, for reading many objects with few requests."""
        return self._in_list(ref, declared, first=False)

    def at_first(self, ref: Ref, declared: Mapping[str, Any]) -> Body | None:
        """The same as it was when this run first asked for objects of the kind."""
        return self._in_list(ref, declared, first=True)

    def placeholder_of(self, ref: Ref) -> Body | None:
        """The placeholder that an interrupted replacement of the repository has left, as this run first saw it."""
        return self.at_first(replace(ref, name=ref.placeholder), {}) if ref.kind == "repository" else None

    def has_placeholder(self, ref: Ref) -> bool:
        """Whether there is such a placeholder now."""
        return ref.kind == "repository" and self.listed(replace(ref, name=ref.placeholder), {}) is not None

    def _in_list(self, ref: Ref, declared: Mapping[str, Any], *, first: bool) -> Body | None:
        kind = self.kind(ref.kind)
        if not kind.listing:
            return self.live(ref)
        if kind.id_field:
            entries = self._listings.entries(kind.listing, kind.page, first=first)
            return bodies.from_response(kind, self._chosen(kind, ref, entries, declared))
        found = self._listings.entry(kind.listing, kind.identity, ref.name, first=first)
        if found is None or self._is_another(kind, ref, found):
            return None
        if kind.unlisted:
            if set(declared) - kind.unlisted - set(found):
                return self.live(ref)
            found = {**{key: declared[key] for key in kind.unlisted if key in declared}, **found}
        return bodies.from_response(kind, self._with_raw_attributes(ref, found, first=first))

    def _with_raw_attributes(self, ref: Ref, found: Any, *, first: bool) -> Any:
        """Adds what releases before 3.78 return of a raw group only to their administration pages."""
        if ref.kind != "repository" or not isinstance(found, Mapping) or not is_raw_group(found) or found.get("raw"):
            return found
        part = self._listings.attributes(ref.name, first=first).get("raw")
        return {**found, "raw": part} if isinstance(part, Mapping) and part else found

    def entries(self, name: str) -> list[Body]:
        """Every object of a kind, as the server lists them."""
        kind = self.kind(name)
        return [bodies.from_response(kind, entry) or {} for entry in fetched(self.client, kind.listing, kind.page)]

    def _answers(self, path: str) -> bool:
        try:
            self.client.get(path)
        except Unreachable:
            raise
        except NexusError:
            return False
        return True

    def _found(self, kind: Kind, ref: Ref, like: Mapping[str, Any] | None) -> Any:
        if kind.id_field:
            return self._chosen(kind, ref, fetched(self.client, kind.listing, kind.page), like)
        if kind.lookup:
            entries = self.client.get(ref.path(kind.lookup)) or []
            return next((entry for entry in entries if entry[kind.identity] == ref.name), None)
        found = self.client.get(ref.path(kind.read or kind.item))
        return None if self._is_another(kind, ref, found) else found

    def _chosen(self, kind: Kind, ref: Ref, entries: Any, like: Mapping[str, Any] | None) -> Any:
        if ref.id:
            return next((entry for entry in entries if entry[kind.id_field] == ref.id), None)
        assert kind.key is not None  # noqa: S101 - the table of kinds has one for every kind with an assigned id
        same = [entry for entry in entries if kind.key(entry) == kind.key_of(ref)]
        if like is not None:
            same.sort(key=lambda entry: len(differing(ref, bodies.from_response(kind, entry) or {}, like)))
        return next(iter(same), None)

    @staticmethod
    def _is_another(kind: Kind, ref: Ref, found: Any) -> bool:
        """Whether the object of that name has another type or format (answers have `maven2` for `maven`)."""
        if kind.type_field:
            return isinstance(found, Mapping) and found.get(kind.type_field) != ref.type
        if ref.kind != "repository":
            return False
        return (str(found.get("format")).removesuffix("2"), found.get("type")) != (
            ref.format.removesuffix("2"),
            ref.type,
        )
