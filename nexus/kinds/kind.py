"""One kind of Nexus object. Everything that differs between kinds is a field here, not code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from nexus.model import Path


class Shape(Enum):
    """How an object is created, changed and removed on the server."""

    COLLECTION = auto()
    """One of many: POST creates it, DELETE removes it."""
    SETTING = auto()
    """There is always exactly one: PUT changes it, removing it restores the prior value."""
    AGREEMENT = auto()
    """A text that is accepted by sending it back; accepting it cannot be undone."""
    PASSWORD = auto()
    """The password of a user that always exists. It is never read, and stays when it leaves the stack file."""
    ACTION = auto()
    """A request that is sent each time its body changes; nothing is read back or undone."""
    INVENTORY = auto()
    """A list of names that is only in the state: with it, a preview can tell what is no longer declared."""


@dataclass(frozen=True)
class Kind:
    """A row of the table of kinds.

    Paths are relative to `/service/rest` and may contain `{name}`, `{format}`, `{type}` and `{id}`. `listing` returns
    every object in one request and is what a refresh reads. A change at a path in `replaces` needs a replacement.
    """

    token: str
    shape: Shape
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
    change: str = ""
    """Path of the POST that changes a setting without a PUT."""
    read: str = ""
    """Where one object is read, if not at `item`."""
    listing: str = ""
    page: str = ""
    """The key under which `listing` holds its entries, if it is not a bare list."""
    lookup: str = ""
    """A query that answers with a list, for kinds whose objects cannot be read by name."""
    fallback: tuple[str, str] | None = None
    """A prefix of the paths, and what replaces it on servers or editions that do not have it."""
    password: str = ""
    """Where a changed password is sent as plain text, for kinds whose PUT ignores it."""
    identity: str = "name"
    """The key of the name in the body; empty if objects of the kind have no name on the server."""
    id_field: str = ""
    """The key of the id that the server assigns, for kinds that it does not find by name."""
    key: Callable[[Mapping[str, Any]], str] | None = None
    """Identifies such an object without its id, in a declaration and in an entry of the listing alike."""
    body_key: str = ""
    """The key under which a body that is a bare list or a text is declared."""
    nested_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Objects of a request whose keys are at the top level of an answer."""
    type_field: str = ""
    """The key of an object's type in an answer, for kinds whose names are unique across types."""
    sequence: str = ""
    """For a setting that is an order of objects: the key of their names in the answer."""
    disabled_state: Mapping[str, Any] | None = None
    """What an object that the API cannot delete is set to when it is no longer declared."""
    permanent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Objects, by name, that no server deletes, and what each is set to when it is no longer declared."""
    bulk: str = ""
    """Where objects are deleted by a list of ids, for kinds without a DELETE of one object."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """What requests must contain in addition to what is declared."""
    response_aliases: Mapping[str, str] = field(default_factory=dict)
    """Keys of requests that answers have under another name; newer servers accept both names."""
    enforcing_values: Mapping[str, Any] = field(default_factory=dict)
    """The values of a setting that enforces an allow list."""
    client_address_path: str = ""
    """Returns the address that the server sees for this machine, and whether the allow list lets it in."""
    enforcement_path: str = ""
    """Where to read the setting that lets in only the clients in entries of this kind."""
    replaces: frozenset[Path] = frozenset()
    unordered: frozenset[Path] = frozenset()
    upper: frozenset[Path] = frozenset()
    """Values whose case servers do not keep."""
    actions: frozenset[Path] = frozenset()
    """Lists of actions, where ALL stands for every one."""
    unreadable: frozenset[Path] = frozenset()
    """Fields other than secrets that the server accepts and never returns."""
    placeholder_keeps: frozenset[Path] = frozenset()
    """Secrets that no answer contains and that stay unchanged when the server's placeholder is sent for them."""
    placeholder_drops: frozenset[Path] = frozenset()
    """Secrets that answers show as the placeholder and that are lost when it is sent back."""
    fixed: frozenset[Path] = frozenset()
    """Fields for the location of content: servers accept another value, and then no longer find the content."""
    added_fields: frozenset[str] = frozenset()
    """Keys that states before 2026-11-26 do not have; there the default applies."""
    response_only: Mapping[str, frozenset[Path]] = field(default_factory=dict)
    """By type, fields that are in answers but are not settings of the object."""
    omitted_in_response: frozenset[str] = frozenset()
    """Keys that some servers keep but leave out of every answer: a missing one is not drift."""
    unlisted: frozenset[str] = frozenset()
    """Keys that the listing leaves out and that only our requests change."""
