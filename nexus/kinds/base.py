"""A kind of Nexus object: what happens to its objects on the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Collection as Names
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from nexus.kinds.form import Form
from nexus.model import Ref
from nexus.problem import Problem

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.objects.objects import Objects
    from nexus.server_api import ServerApi
    from nexus.session import Session

Props = Mapping[str, Any]

REMOTE = ("ssrfProtection", "http", "truststore")
"""What is applied before the server connects to a remote."""
KEEP, DELETE = "keep", "delete"
"""What a declaration may say happens to an object that leaves the stack."""
STRICT = "strict"
"""The `adopt` of an object of which every field is managed, as of one that the stack made."""


class Kind(Form):
    """A kind with anything of its own is a class that overrides what differs."""

    has_password: ClassVar[bool] = False
    """Whether the password is under `passwords` in the stack file, and no PUT of the object changes it."""
    ignores_case: ClassVar[bool] = False
    """Whether the server treats names that differ only in case as the same, but still creates the second object."""
    is_ordered: ClassVar[bool] = False
    """Whether the order of the stack file is kept on the server."""
    holds_content: ClassVar[bool] = False
    """Whether content is lost with an object, and may be on it undeclared."""
    is_replaced_in_place: ClassVar[bool] = False
    """Whether an object is only deleted when the server has accepted its replacement."""

    def is_own(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry of the listing came with the server, or the server made it by itself."""
        return bool(entry.get("readOnly"))

    def is_usual(self, settings: Mapping[str, Any]) -> bool:
        """Whether a setting is that of a new server."""
        return False

    def is_shipped(self, name: str) -> bool:
        """Whether a new server has it, so that it is adopted."""
        return False

    def is_indelible(self, name: str) -> bool:
        """Whether every server has it and refuses to delete it."""
        return False

    def is_permanent(self, name: str) -> bool:
        """Whether it stays on every server, but loses what the stack gave it."""
        return False

    def is_disabled(self, ref: Ref, live: Mapping[str, Any]) -> bool:
        """Whether it is what an object of the stack was set to when it left the stack."""
        return False

    def is_elsewhere(self, live: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether its content is in another place than declared, which Nexus cannot change."""
        return False

    def is_unplaced(self, body: Mapping[str, Any]) -> bool:
        """Whether the declaration leaves it open where its content is."""
        return False

    def is_meant_by(self, name: str, named: Names[Any]) -> bool:
        """Whether names in another object stand for this one."""
        return name in named

    def placeholder(self, ref: Ref) -> Ref | None:
        """The object that stands in for this one while it is replaced."""
        return None

    def unshown(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
        """Fields that the server requires with every change but does not show."""
        return []

    def unsupported(self, api: ServerApi, type_: str, key: str) -> Problem | None:
        """What a server does not support although it has the requests; the key is that of the stack file."""
        return None

    def taken_by(self, client: NexusClient, ref: Ref) -> str:
        """The object of another type that has the name, for kinds whose names are unique across types.

        Raises:
            NexusError: there is none, or it cannot be read.
        """
        return ""

    def refuse_lockout(self, client: NexusClient, ref: Ref, instead: Any) -> None:
        """Checks the request that changes an object to `instead`, or None that removes it.

        Raises:
            Rejected: it would shut out the machine that sends it.
        """

    def refuse_move(
        self, ref: Ref, there: Callable[[], Mapping[str, Any] | None], body: Mapping[str, Any], old: Props | None = None
    ) -> None:
        """Checks a change, from the `old` declaration if there is one, of what is `there`.

        Raises:
            Rejected: it would change the location of an object's content.
        """

    def refuse_reset(self, ref: Ref, live: Mapping[str, Any] | None, body: Mapping[str, Any]) -> None:
        """Checks a PUT of an adopted object.

        Raises:
            Rejected: it would reset a setting that the server does not show.
        """

    def set_on(self, objects: Objects, ref: Ref, body: Mapping[str, Any]) -> None:
        """Sets what always exists for the first time."""
        objects.update(ref, body)

    def after_put(self, client: NexusClient, ref: Ref, body: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """Sends what the PUT of an object ignores."""

    def after_create(self, session: Session, ref: Ref) -> None:
        """Restores what Nexus took away when it deleted the object that this one replaces."""

    def may_be_removed(self, session: Session, ref: Ref, props: Props) -> bool:
        """Whether an object that left the stack, or is replaced, is removed now.

        Raises:
            Rejected: it must not be.
        """
        return True

    def leave(self, objects: Objects, ref: Ref, props: Props) -> None:
        """Removes an object that left the stack; a setting gets its prior value back."""
        objects.delete(ref)

    def remove_from(self, objects: Objects, ref: Ref) -> None:
        """Deletes the object, or restores the server's default of a setting.

        Raises:
            NotFound: it is gone already, or a check of the server forbids its deletion.
        """
        objects.sender.delete(ref.path(self.remove))

    def stays(self, props: Props) -> bool:
        """Whether it stays on the server when it leaves the stack: its declaration says so, or it was there before."""
        return bool(props.get("onDelete") == KEEP)


@dataclass(frozen=True)
class Collection(Kind):
    """One of many: POST creates it, DELETE removes it."""

    is_collection: ClassVar[bool] = True

    identity: str = "name"

    @classmethod
    def at(cls, path: str, object_: str = "{name}", /, **fields: Any) -> Self:
        """A collection at the path: POST there adds an object, and each object is below it by its name or id."""
        item = f"{path}/{object_}"
        return cls(create=path, item=item, remove=item, listing=path, **fields)

    @property
    def operation(self) -> tuple[str, str]:
        return "POST", self.create

    def stays(self, props: Props) -> bool:
        if props.get("onDelete") in (KEEP, DELETE):
            return super().stays(props)
        return bool(props.get("adopted", props.get("adopt", False)))
