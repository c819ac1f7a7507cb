"""One kind of Nexus object, and how objects are created, changed and removed on the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from nexus.http.client import NexusClient
from nexus.model import Path
from nexus.objects.ref import Ref

if TYPE_CHECKING:
    from nexus.objects.objects import Objects

KEEP, DELETE = "keep", "delete"


@dataclass(frozen=True)
class Kind:
    """A row of the table of kinds.

    Paths are relative to `/service/rest` and may contain `{name}`, `{format}`, `{type}` and `{id}`. `listing` returns
    every object in one request and is what a refresh reads. A change at a path in `replaces` needs a replacement.
    """

    is_collection: ClassVar[bool] = False
    """Whether there are many objects, each of which is created and deleted."""
    is_restored: ClassVar[bool] = False
    """Whether its prior value is restored when it is no longer declared."""

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
    lookup: str = ""
    """A query that answers with a list, for kinds whose objects cannot be read by name."""
    fallback: tuple[str, str] | None = None
    """A prefix of the paths, and what replaces it on servers or editions that do not have it."""
    password: str = ""
    """Where a changed password is sent as plain text, for kinds whose PUT ignores it."""
    identity: str = ""
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
    constants: Mapping[str, Any] = field(default_factory=dict)
    """What requests must contain in addition to what is declared."""
    response_aliases: Mapping[str, str] = field(default_factory=dict)
    """Keys of requests that answers have under another name; newer servers accept both names."""
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

    @property
    def is_compared(self) -> bool:
        """Whether the server shows what a declaration can be compared with."""
        return self.is_collection or self.is_restored

    @property
    def operation(self) -> tuple[str, str] | None:
        """Method and path of the request that creates or sets it, which its schema describes."""
        return None

    def key_of(self, ref: Ref) -> str:
        """What identifies a declared object until its id is known; empty for kinds without ids and for a wrong body."""
        if self.key is None or not isinstance(ref.body, Mapping):
            return ""
        try:
            return self.key({self.identity: ref.name, **ref.body})
        except (KeyError, ValueError):
            return ""  # the schema check refuses it

    def named(self, name: str) -> dict[str, str]:
        """The key of a body that holds the object's name, if there is one."""
        return {self.identity: name} if self.identity else {}

    def stays(self, props: Mapping[str, Any]) -> bool:
        """Whether it stays on the server when it leaves the stack: its declaration says so, or it was there before."""
        return bool(props.get("onDelete") == KEEP)

    def refuse_lockout(self, client: NexusClient, ref: Ref, instead: Any) -> None:
        """Checks the request that changes an object to `instead`, or None that removes it.

        Raises:
            Rejected: it would shut out the machine that sends it.
        """

    def set_on(self, objects: Objects, ref: Ref, body: Mapping[str, Any]) -> None:
        """Sets what always exists for the first time."""
        objects.update(ref, body)

    def remove_from(self, objects: Objects, ref: Ref) -> None:
        """Deletes the object, or restores the server's default of a setting.

        Raises:
            NotFound: it is gone already, or a check of the server forbids its deletion.
        """
        objects.sender.delete(ref.path(self.remove))


@dataclass(frozen=True)
class Collection(Kind):
    """One of many: POST creates it, DELETE removes it."""

    is_collection: ClassVar[bool] = True

    identity: str = "name"

    @property
    def operation(self) -> tuple[str, str]:
        return "POST", self.create

    def stays(self, props: Mapping[str, Any]) -> bool:
        if props.get("onDelete") in (KEEP, DELETE):
            return super().stays(props)
        return bool(props.get("adopted", props.get("adopt", False)))


class Setting(Kind):
    """There is always exactly one: PUT changes it, removing it restores the prior value."""

    is_restored: ClassVar[bool] = True

    @property
    def operation(self) -> tuple[str, str]:
        return self.change_method, self.item


@dataclass(frozen=True)
class Agreement(Kind):
    """A text that is accepted by sending it back; accepting it cannot be undone."""

    change_method: str = "POST"

    @property
    def operation(self) -> tuple[str, str]:
        return self.change_method, self.item

    def set_on(self, objects: Objects, ref: Ref, body: Mapping[str, Any]) -> None:
        """Accepts the text that the server shows; a server that shows none requires no agreement."""
        live = objects.live(ref, body)
        if live is not None and any(live.get(key) != value for key, value in body.items() if value):
            objects.client.post(self.item, {**live, **body})
