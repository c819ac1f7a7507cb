"""Decides when the server is asked whether it supports what is declared."""

from collections.abc import Callable, Mapping
from typing import Any

from nexus.admission import Admission, Declared
from nexus.errors import NexusError, Rejected
from nexus.objects.declaration import Declaration
from nexus.objects.objects import Objects

Props = Mapping[str, Any]


class Gate:
    """Checks the inventory's input `declared` in the preview, or in the update if the preview could not."""

    def __init__(self, allowed_loss: str, reading: Callable[[], Objects]) -> None:
        self._allowed = frozenset(filter(None, allowed_loss.split(",")))
        self._reading = reading
        self._checked: object = None

    def problems(self, olds: Props, news: Props) -> list[str]:
        """What the server does not support; empty if it does not exist yet or refuses the credentials."""
        if olds.get("declared") == news.get("declared"):
            return []
        try:
            found = self._problems(olds, news)
        except (NexusError, ValueError):
            return []
        self._checked = news.get("declared")
        return found

    def admit(self, props: Props) -> None:
        """Checks a new server before anything is created on it.

        Raises:
            Rejected: it does not support what is declared.
        """
        if self._checked != props.get("declared") and (found := self._problems({}, props)):
            raise Rejected("\n".join(found))

    def _problems(self, olds: Props, news: Props) -> list[str]:
        declared, before = _declared(news), _declared(olds)
        return [str(each) for each in Admission(self._reading()).problems(declared, before, self._allowed)]


def _declared(props: Props) -> Declared:
    """Empty for a new inventory, and for states of older releases."""
    return (Declaration.of(props).declared or {}) if props else {}
