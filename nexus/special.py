"""The resources that are no objects of the server: nothing of them is compared with it, and nothing is undone."""

from collections.abc import Mapping
from typing import Any

from nexus.gate import Gate
from nexus.inventory import Inventory
from nexus.objects.ref import Ref
from nexus.session import Session

Props = Mapping[str, Any]

ADDED = ("before", "serverId", "__provider")
"""What outputs have and inputs have not."""


def inputs(props: Props) -> dict[str, Any]:
    """The inputs of a resource, by its outputs."""
    return {key: value for key, value in props.items() if key not in ADDED}


class Special:
    """What such a resource does; by itself, nothing."""

    def problems(self, olds: Props, news: Props) -> list[str]:
        """What prevents it, in a preview."""
        return []

    def create(self, ref: Ref, props: Props) -> None:
        """When it is new in the stack."""

    def update(self, ref: Ref, olds: Props, news: Props) -> None:
        """When its body is another one."""

    def is_gone(self) -> bool:
        """Whether a refresh finds it gone."""
        return False

    def inputs(self, props: Props) -> dict[str, Any] | None:
        """What a refresh returns as its inputs; None leaves them as they are."""
        return inputs(props)


class InventoryResource(Special):
    """The list of what is declared: what would be refused or lost shows in the preview of it."""

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
        """They say what was declared last."""


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
    """What is asked of the server each time that its body changes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, ref: Ref, props: Props) -> None:
        self._session.writing().ask(ref, props["body"])

    def update(self, ref: Ref, olds: Props, news: Props) -> None:
        self._session.writing().ask(ref, news["body"])
