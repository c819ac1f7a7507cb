"""What one kind of object is like; everything that differs between kinds is a field here, not code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from nexus.model import Path


class Shape(Enum):
    """How an object lives on the server; not what it holds."""

    COLLECTION = auto()
    """One of many by name: POST makes it, DELETE takes it away."""
    SETTING = auto()
    """There is exactly one and always: PUT changes it, taking it away restores what was there before."""
    AGREEMENT = auto()
    """The end user licence agreement: accepted by echoing its text, never taken back."""
    PASSWORD = auto()
    """A user's password, for a user that is always there; it is never read and never taken back."""


@dataclass(frozen=True)
class Kind:
    """A row of the table of kinds.

    Paths are below `/service/rest` and name `{name}`, `{format}` and `{type}`. `listing` answers for every object
    in one request and is what a refresh reads. The paths in `replaces` cannot change on the same object.
    """

    token: str
    shape: Shape
    item: str
    create: str = ""
    remove: str = ""
    listing: str = ""
    lookup: str = ""
    """A query that answers with a list, for kinds whose objects cannot be read by name."""
    password: str = ""
    """Where a changed password goes as plain text, for kinds whose PUT leaves it out."""
    identity: str = "name"
    wrapped: str = ""
    """The key under which a body that is a bare list is declared."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """What every request must carry beside what is declared."""
    answered: Mapping[str, str] = field(default_factory=dict)
    """Keys that the server answers under another name than it takes them."""
    replaces: frozenset[Path] = frozenset()
    unordered: frozenset[Path] = frozenset()
    unreadable: frozenset[Path] = frozenset()
    """Fields beside the secrets that the server takes and never gives back."""
