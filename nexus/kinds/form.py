"""What the requests and answers of a kind look like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from nexus import model, schema
from nexus.model import Path, Ref

Body = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """A row of the table of kinds.

    Paths are relative to `/service/rest` and may contain `{name}`, `{format}`, `{type}` and `{id}`. `listing` returns
    every object in one request and is what a refresh reads. A change at a path in `replaces` needs a replacement.
    """

    is_collection: ClassVar[bool] = False
    """Whether there are many objects, each of which is created and deleted."""
    is_restored: ClassVar[bool] = False
    """Whether its prior value is restored when it is no longer declared."""

    is_listed_whole: ClassVar[bool] = True
    """Whether the listing shows all that a request may contain."""
    is_documented: ClassVar[bool] = True
    """Whether every server that has the kind has it at the documented paths."""

    token: str
    section: str = ""
    """The stack file's key; for a collection it maps names to objects. Empty: it follows from other settings."""
    apart: bool = False
    """Whether the key is not part of the topology and has a format of its own."""
    after: tuple[str, ...] = ()
    """Kinds whose declared objects are all created before this one."""
    local: frozenset[str] = frozenset()
    """Types that do not wait for `after`, since the server connects to no remote for them."""
    refers: Mapping[Path, str] = field(default_factory=dict)
    """Fields that name objects of a kind; those are created first."""
    item: str = ""
    create: str = ""
    remove: str = ""
    """Path of the DELETE; for a setting, it restores the server's default."""
    change_method: str = "PUT"
    read: str = ""
    """Where one object is read, if not at `item`."""
    listing: str = ""
    page: str = ""
    """The key under which `listing` holds its entries, if it is not a bare list."""
    identity: str = ""
    """The key of the name in the body; empty if objects of the kind have no name on the server."""
    id_field: str = ""
    """The key of the id that the server assigns, for kinds that it does not find by name."""
    key: Callable[[Mapping[str, Any]], str] | None = None
    """Identifies such an object without its id, in a declaration and in an entry of the listing alike."""
    body_key: str = ""
    """The key under which a body that is a bare list or a text is declared."""
    response_aliases: Mapping[str, str] = field(default_factory=dict)
    """Keys of requests that answers have under another name; newer servers accept both names."""
    replaces: frozenset[Path] = frozenset()
    unordered: frozenset[Path] = frozenset()
    upper: frozenset[Path] = frozenset()
    """Values whose case servers do not keep."""
    placeholders: Mapping[Path, bool] = field(default_factory=dict)
    """Secrets that a server replaces by its placeholder, and whether they stay when it is sent for them."""
    omitted_in_response: frozenset[str] = frozenset()
    """Keys that some servers keep but leave out of every answer: a missing one is not drift."""

    @property
    def is_compared(self) -> bool:
        """Whether the server shows what a declaration can be compared with."""
        return self.is_collection or self.is_restored

    @property
    def operation(self) -> tuple[str, str] | None:
        """Method and path of the request that creates or sets it, which its schema describes."""
        return None

    def on(self, answers: Callable[[str], bool]) -> Self:
        """The kind with the paths of a server that answers at some paths only."""
        return self

    def named(self, name: str) -> dict[str, str]:
        """The key of a body that holds the object's name, if there is one."""
        return {self.identity: name} if self.identity else {}

    def picked(self, ref: Ref, answer: Any) -> Any:
        """The object in the answer of the path where one is read; None if it is not there."""
        return answer

    def from_list(self, found: Body, declared: Mapping[str, Any]) -> Body | None:
        """An entry of the listing as the whole object; None if the listing does not show all that is declared."""
        return found

    def shown(self, found: Any, attributes: Callable[[], Mapping[str, Any]]) -> Any:
        """An answer, completed with attributes that only the administration pages get."""
        return found

    def is_another(self, ref: Ref, found: Any) -> bool:
        """Whether what the server has under that name is of another type or format."""
        return False

    def place(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        """Format and type, as in URLs, of an entry of the listing."""
        return "", ""

    def name_of(self, entry: Mapping[str, Any]) -> str:
        """The name of an entry of the listing, or one for an object that has none on the server."""
        return str(entry.get(self.identity) or entry.get("name") or f"{entry.get('type')}-{str(entry.get('id'))[:8]}")

    def declarable(self, ref: Ref, live: Mapping[str, Any]) -> Body:
        """What a stack file declares of an object: its body without name and id."""
        body = schema.fitting(ref.request, live)
        twice = {ask for ask, tell in self.response_aliases.items() if tell in body}
        return {key: value for key, value in body.items() if key not in {self.identity, self.id_field, *twice}}

    def request_of(self, request: str, body: Mapping[str, Any]) -> str:
        """The request with all that decides whether a server supports it."""
        return request

    def title(self, variant: str) -> str:
        """What requests of the kind are for; the variant is what follows the kind in the name of a request."""
        return f"requests for {self.section}"

    def key_of(self, ref: Ref) -> str:
        """What identifies a declared object until its id is known; empty for kinds without ids and for a wrong body."""
        if self.key is None or not isinstance(ref.body, Mapping):
            return ""
        try:
            return self.key({self.identity: ref.name, **ref.body})
        except (KeyError, ValueError):
            return ""  # the schema check refuses it

    # The forms of requests and answers

    def from_response(self, found: Any) -> Body | None:
        """An answer in the form of the request; None for no answer."""
        if found is None:
            return None
        if not isinstance(found, Mapping):
            return {self.body_key: found}
        return {**found, **{ask: found.get(tell) for ask, tell in self.response_aliases.items()}}

    def select_declared(self, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
        """The declared part of the current state."""
        return model.select_declared(live, declared)

    def complete(self, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
        """The current state with the declaration merged over it."""
        return model.deep_merge(live, self.both_names(declared))

    def both_names(self, body: Mapping[str, Any]) -> Body:
        """The body with each renamed key under both of its names: a server reads the one that it supports."""
        result = dict(body)
        for ask, tell in self.response_aliases.items():
            if ask in body or tell in body:
                result[ask] = result[tell] = body.get(ask) if body.get(ask) is not None else body.get(tell)
        return result

    def request(self, ref: Ref, body: Mapping[str, Any], *, creates: bool = False) -> Any:
        """What goes over the wire, to change an object or to create it."""
        if self.body_key:
            return body[self.body_key]
        whole = {**body, **self.named(ref.name)}
        if not schema.known(ref.request):
            return whole
        return schema.fitting(ref.request, whole, schema.CREATION if creates else schema.CHANGE)

    def described(self, name: str, body: Mapping[str, Any]) -> Any:
        """What the schema of the kind describes: the body with the object's name, or what the body wraps."""
        return body.get(self.body_key) if self.body_key else {**self.named(name), **body}

    def completed(self, request: str, name: str, body: Mapping[str, Any]) -> Body:
        """The body of a new object, with our defaults for what is not declared; some of them are the object's name."""
        whole = schema.complete(request, {**self.named(name), **body})
        return {key: value for key, value in whole.items() if key != self.identity or key in body}

    def of_state(self, body: Any) -> Any:
        """The body in a state of an older release as a new one would have it."""
        return body

    # Comparing a declaration with what is there

    def canonical(self, body: Any) -> Any:
        """The body in the form in which it is compared: equivalent spellings become the same."""
        for path in self.upper:
            value = model.at(body, path)
            body = model.put(body, path, value.upper()) if isinstance(value, str) else body
        return body

    def changes(self, old: Any, new: Any) -> Iterable[Path]:
        """The paths at which two bodies differ."""
        return model.changes(self.canonical(old), self.canonical(new), self.unordered)

    def declared_changes(self, ref: Ref, old: Any, new: Any, adopts: bool) -> list[Path]:
        """The paths at which two declarations of an object differ.

        States before 2026-11-26 contain our defaults for adopted objects; that these are no longer declared is no
        change.
        """
        found = list(self.changes(self.of_state(old), new))
        if not adopts:
            return found
        whole = self.completed(ref.request, ref.name, new)
        return [
            path for path in found if model.at(new, path) is not None or model.at(old, path) != model.at(whole, path)
        ]

    def differing(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
        """The declared fields whose current value is another one, without those that no answer contains."""
        wanted = model.without(dict(body), self.hidden(ref, live))
        return [model.dotted(path) for path in self.changes(self.select_declared(live, wanted), wanted)]

    def theirs(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> Body:
        """The current values of what `differing` finds, without secrets."""
        there, found = self.select_declared(live, body), dict[str, Any]()
        for dotted in self.differing(ref, live, body):
            path = tuple(dotted.split("."))
            value = schema.shown(ref.request, path[bool(self.body_key) :], model.at(there, path))
            found = model.deep_merge(found, model.nested(path, value))
        return found

    def hidden(self, ref: Ref, live: Mapping[str, Any] | None = None) -> frozenset[Path]:
        """The paths that answers do not contain: secrets, fields that are never returned, fields that `live` lacks."""
        secrets = schema.secret_paths(ref.request) if schema.known(ref.request) else frozenset()
        return secrets | {(key,) for key in self.omitted_in_response if live is not None and live.get(key) is None}
