"""Everything on a server that did not come with it, by section and in the form of the stack file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exports.shortening import shortened
from nexus import model, schema
from nexus.advice import key_at
from nexus.errors import NexusError, NotFound, Unauthorized, Unreachable
from nexus.kinds import KINDS
from nexus.kinds.form import Body
from nexus.model import Ref
from nexus.objects.reader import Reader
from nexus.objects.undeclared import undeclared_secrets
from nexus.schema.violation import MISSING
from stacks.topology.sections import MANY, ONE

# Without agreements: a person accepts them on each server.
_SETTINGS = {section: kind for section, kind in ONE.items() if KINDS[kind].is_restored}


@dataclass(frozen=True)
class Found:
    """One object of the server."""

    section: str
    name: str
    ref: Ref
    body: Mapping[str, Any]

    @property
    def is_setting(self) -> bool:
        return self.section not in MANY

    @property
    def key(self) -> str:
        """Its key in the stack file."""
        return self.section if self.is_setting else f"{self.section}.{self.name}"

    @property
    def written(self) -> dict[str, Any]:
        """Its value in the stack file."""
        kind = {key: getattr(self.ref, key) for key in ("format", "type") if getattr(self.ref, key)}
        body = model.without(dict(self.body), secret_paths(self.ref))
        return kind | shortened(self.ref.request, self.name, body) | kind  # answers spell types of their own

    @property
    def secrets(self) -> list[str]:
        """The paths that a person has to fill in before the first `up`, since the server does not return secrets.

        Only of settings, which `up` sends: an object that equals its declaration is adopted without a change.
        """
        if not self.is_setting:
            return []
        body = model.without(dict(self.body), secret_paths(self.ref))
        needed = {*undeclared_secrets(self.ref, self.body, body), *self._required}
        return [key_at(self.section, *path.split(".")) for path in sorted(needed)]

    @property
    def _required(self) -> list[str]:
        """Secrets that requests must have, although the server does not even show that they are set."""
        found = schema.violations(self.ref.request, {**KINDS[self.ref.kind].named(self.name), **self.body})
        missing = {each.path for each in found if each.problem == MISSING}
        return [model.dotted(path) for path in secret_paths(self.ref) if missing & set(_above(path))]


def secret_paths(ref: Ref) -> list[model.Path]:
    return sorted(schema.secret_paths(ref.request)) if schema.known(ref.request) else []


def _above(path: model.Path) -> Iterator[str]:
    return (model.dotted(path[: length + 1]) for length in range(len(path)))


class Inventory:
    """What one server holds."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.shipped: dict[str, list[str]] = {}
        """By section, the names of what came with the server or what it makes itself, once `found` has listed it."""
        self.unread: dict[str, str] = {}
        """By section, why `found` could not read it, although the server has it."""

    def added(self, own: frozenset[tuple[str, str]]) -> list[Found]:
        """What `foreign` finds, without what a new server has."""
        return [each for each in self.foreign(own) if not KINDS[each.ref.kind].is_shipped(each.ref.name)]

    def foreign(self, own: frozenset[tuple[str, str]]) -> list[Found]:
        """What is on the server and not `own`, by kind and name, or kind and server id; only settings have a body."""
        many = (
            Found(section, *self._name_and_ref(kind, entry), {})
            for section, kind in MANY.items()
            for entry in self._entries(kind)
            if not KINDS[kind].is_own(entry)
        )
        return [
            each
            for each in (*many, *self._settings())
            if not {(each.ref.kind, each.name), (each.ref.kind, each.ref.id)} & own
        ]

    def whole(self, some: Iterable[Found]) -> Iterator[Found]:
        """What `foreign` has found, with its bodies, each group after its members."""
        read = [each if each.is_setting else self._read(each) for each in some]
        for section in dict.fromkeys(each.section for each in read):
            yield from _members_first([each for each in read if each.section == section])

    def _read(self, each: Found) -> Found:
        live = self._reader.live(each.ref) or {}
        return replace(each, body=KINDS[each.ref.kind].declarable(each.ref, live))

    def found(self) -> Iterator[Found]:
        for section, kind in MANY.items():
            entries = self._entries(kind)
            own = [entry for entry in entries if KINDS[kind].is_own(entry)]
            self.shipped[section] = [KINDS[kind].name_of(entry) for entry in own]
            yield from _members_first([self._named(section, kind, entry) for entry in entries if entry not in own])
        yield from self._settings()

    def _settings(self) -> Iterator[Found]:
        for section, kind in _SETTINGS.items():
            body = self._setting(kind)
            setting = Found(section, section, Ref(kind, section), schema.fitting(kind, body)) if body else None
            if setting and setting.written:  # else it is that of a new server
                yield setting

    def realms(self) -> list[str]:
        return list((self._reader.live(Ref("realms", "realms")) or {}).get("active", []))

    def anonymous_access(self) -> Body:
        """Its `enabled`, and the user and realm if they differ from those of a new server."""
        live = self._reader.live(Ref("anonymous", "anonymous")) or {}
        shipped = schema.complete("anonymous", {"enabled": False})
        others = {key: live[key] for key in ("userId", "realmName") if live.get(key) and live[key] != shipped[key]}
        return {"enabled": bool(live.get("enabled")), **others}

    def _entries(self, kind: str) -> list[Body]:
        """The objects of a kind; none if this server or its licence does not have the kind."""
        try:
            return self._reader.entries(kind)
        except (Unreachable, Unauthorized):
            raise
        except NexusError as error:
            self._note(kind, error)
            return []

    def _setting(self, kind: str) -> Body | None:
        try:
            body = self._reader.live(Ref(kind, kind))
        except Unreachable:
            raise
        except NexusError as error:
            self._note(kind, error)
            return None
        settings = schema.fitting(kind, body or {})
        empty = (
            settings.get("enabled", True) is False
            or settings.get("mode") == "DISABLED"
            or not {k: v for k, v in settings.items() if v not in ([], {})}
        )
        return None if empty or KINDS[kind].is_usual(settings) else body

    def _note(self, kind: str, error: NexusError) -> None:
        """A server answers 404 to requests for what its release, edition or licence does not have."""
        if not isinstance(error, NotFound):
            self.unread[KINDS[kind].section] = str(error)

    def _named(self, section: str, kind: str, entry: Body) -> Found:
        name, ref = self._name_and_ref(kind, entry)
        live = entry if KINDS[kind].is_listed_whole else self._reader.live(ref) or {}
        return Found(section, name, ref, KINDS[kind].declarable(ref, live))

    @staticmethod
    def _name_and_ref(kind: str, entry: Body) -> tuple[str, Ref]:
        row = KINDS[kind]
        name, (format_, type_) = row.name_of(entry), row.place(entry)
        return name, Ref(kind, name, format_, type_, str(entry.get(row.id_field, "")))


def _members_first(found: list[Found]) -> list[Found]:
    """Puts each group after its members."""
    names = {each.name: each for each in found}
    ordered: dict[str, Found] = {}

    def add(each: Found) -> None:
        group = each.body.get("group") or {}
        for member in group.get("memberNames", ()) if isinstance(group, Mapping) else ():
            if member in names and member not in ordered and member != each.name:
                add(names[member])
        ordered[each.name] = each

    for each in found:
        add(each)
    return list(ordered.values())
