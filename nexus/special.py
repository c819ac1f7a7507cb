"""Resources that are not objects of the server: they are neither compared with it nor undone."""

from collections.abc import Mapping
from typing import Any

from nexus.gate import Gate
from nexus.inventory import Inventory
from nexus.objects.ref import Ref
from nexus.session import Session

Props = Mapping[str, Any]

ADDED = ("before", "serverId", "__provider")
"""The keys that only outputs have."""


def inputs(props: Props) -> dict[str, Any]:
    """The inputs of a resource, taken from its outputs."""
    return {key: value for key, value in props.items() if key not in ADDED}


class Special:
    """The operations of such a resource; by default they do nothing."""

    def problems(self, olds: Props, news: Props) -> list[str]:
        """What a preview reports as errors."""
        return []

    def create(self, ref: Ref, props: Props) -> None:
        """Called when it is new in the stack."""

    def update(self, ref: Ref, olds: Props, news: Props) -> None:
        """Called when its body has changed."""

    def is_gone(self) -> bool:
        """Whether a refresh finds it gone."""
        return False

    def inputs(self, props: Props) -> dict[str, Any] | None:
        """What a refresh returns as its inputs; None leaves them unchanged."""
        return inputs(props)


class InventoryResource(Special):
    """The list of what is declared; its preview shows what would be refused or lost."""

    def __init__(self, session: Session, gate: Gate, inventory: Inventory) -> None:
        self._session = session
        self._gate = gate
        self._inventory = inventory

    def problems(self, olds: Props, news: Props) -> list[str]:
        return self._gate.problems(olds, news) if self._session.is_reached() else []

    def changes(self, olds: Props, news: Props) -> bool:
        return self._inventory.changes(olds["body"], news["body"])

    def create(self, ref: Ref, props: Props) -> None:
        self._gate.admit(props)

    def inputs(self, props: Props) -> None:
        """Unchanged: they say what was declared last."""


class PasswordResource(Special):
    """The administrator's password, which every writing session gives to a new server."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, ref: Ref, props: Props) -> None:
        self._session.writing()

    def update(self, ref: Ref, olds: Props, news: Props) -> None:
        self._session.access.rotate(olds["body"]["password"])

    def is_gone(self) -> bool:
        return not self._session.keeps_state() and self._session.access.is_new()


class ActionResource(Special):
    """A request that is sent each time its body changes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, ref: Ref, props: Props) -> None:
        self._session.writing().ask(ref, props["body"])

    def update(self, ref: Ref, olds: Props, news: Props) -> None:
        self._session.writing().ask(ref, news["body"])
