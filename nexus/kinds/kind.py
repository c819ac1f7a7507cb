"""What one kind of object is like; everything that differs between kinds is a field here, not code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from nexus.model import Path


class Shape(Enum):
    """How an object lives on the server; not what it holds."""

    COLLECTION = auto()
    """One of many: POST makes it, DELETE takes it away."""
    SETTING = auto()
    """There is exactly one and always: PUT changes it, taking it away restores what was there before."""
    AGREEMENT = auto()
    """A text that is accepted by echoing it, and never undone."""
    PASSWORD = auto()
    """A user's password, for a user that always exists; it is never read and stays when it leaves the stack file."""
    ACTION = auto()
    """What is asked of the server each time that its body changes; nothing of it is read or undone."""
    INVENTORY = auto()
    """A list of names that only the state has: it shows in a preview what is no longer declared."""


@dataclass(frozen=True)
class Kind:
    """A row of the table of kinds.

    Paths are below `/service/rest` and name `{name}`, `{format}`, `{type}` and `{id}`. `listing` answers for every
    object in one request and is what a refresh reads. The paths in `replaces` cannot change on the same object.
    """

    token: str
    shape: Shape
    section: str = ""
    """The key under which it is declared; a collection's holds objects by name. Empty: something else declares it."""
    apart: bool = False
    """Whether that is a key beside the topology, with a form of its own."""
    after: tuple[str, ...] = ()
    """Kinds of which all that is declared is there before."""
    local: frozenset[str] = frozenset()
    """Types that need none of `after`, since the server connects to no remote for them."""
    refers: Mapping[Path, str] = field(default_factory=dict)
    """Fields that name objects of a kind, which are there before."""
    item: str = ""
    create: str = ""
    remove: str = ""
    """DELETE of the object; of a setting, what brings the server's own back."""
    change: str = ""
    """POST that changes a setting, where no PUT does."""
    read: str = ""
    """Where one object is read, if not at `item`."""
    listing: str = ""
    page: str = ""
    """The key under which `listing` holds its entries, if it is not a bare list."""
    lookup: str = ""
    """A query that answers with a list, for kinds whose objects cannot be read by name."""
    fallback: tuple[str, str] | None = None
    """The start of the paths and what it is on servers or editions without it."""
    password: str = ""
    """Where a changed password goes as plain text, for kinds whose PUT leaves it out."""
    identity: str = "name"
    """The key of the name in the body; empty where the server knows no name."""
    id_field: str = ""
    """The key of the id that the server gives, for kinds that it does not find by name."""
    key: Callable[[Mapping[str, Any]], str] | None = None
    """What tells such an object from the others, in what is declared as in an entry of the listing."""
    body_key: str = ""
    """The key under which a body that is a bare list or a text is declared."""
    nested_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Objects of a request whose keys an answer has beside the others."""
    type_field: str = ""
    """The key in an answer that says of which type an object is, where one name serves all types."""
    sequence: str = ""
    """The key of the names in an answer that lists objects, for settings that are an order of such."""
    disabled_state: Mapping[str, Any] | None = None
    """What an object is left as when it is no longer declared, where no request of the API takes it away."""
    permanent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Objects, by name, that no server lets go, and what each is left as when it is no longer declared."""
    bulk: str = ""
    """Where a list of ids takes objects away, for kinds that no path of one object removes."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """What requests must carry beside what is declared."""
    response_aliases: Mapping[str, str] = field(default_factory=dict)
    """Keys that servers take under one name and answer under another; newer ones take the other too."""
    enforcing_values: Mapping[str, Any] = field(default_factory=dict)
    """The values of a setting that enforces an allow list."""
    client_address_path: str = ""
    """As whom the server sees this machine, and whether the allow list lets it in."""
    enforcement_path: str = ""
    """Where the setting is read that makes entries of this kind the only clients that are let in."""
    replaces: frozenset[Path] = frozenset()
    unordered: frozenset[Path] = frozenset()
    upper: frozenset[Path] = frozenset()
    """Words whose case servers do not keep."""
    actions: frozenset[Path] = frozenset()
    """Lists of actions, where ALL stands for every one."""
    unreadable: frozenset[Path] = frozenset()
    """Fields beside the secrets that the server takes and never returns."""
    placeholder_keeps: frozenset[Path] = frozenset()
    """Secrets that no answer holds and that stay as they are when the server's placeholder is sent for them."""
    placeholder_drops: frozenset[Path] = frozenset()
    """Secrets that are answered as the placeholder and lost when it is sent back."""
    fixed: frozenset[Path] = frozenset()
    """Fields that say where content lies: servers take another value, and then no longer find the content."""
    added_fields: frozenset[str] = frozenset()
    """Keys that states before 2026-11-26 lack; what they lack is the default."""
    response_only: Mapping[str, frozenset[Path]] = field(default_factory=dict)
    """Fields that answers have of objects of a type and that are no setting of theirs."""
    omitted_in_response: frozenset[str] = frozenset()
    """Keys that some servers keep and leave out of every answer: what is not answered is no change."""
    unlisted: frozenset[str] = frozenset()
    """Keys that the listing leaves out and that nothing but a request of ours changes."""
