"""Decides when the server is asked whether it supports what is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nexus.admission import Admission, Declared
from nexus.errors import NexusError, Rejected
from nexus.objects.declaration import Declaration

if TYPE_CHECKING:
    from nexus.session import Session

Props = Mapping[str, Any]


class Gate:
    """Checks the inventory's input `declared` in the preview, or in the update if the preview could not."""

    def __init__(self, allowed_loss: str, session: Session) -> None:
        self._allowed = frozenset(filter(None, allowed_loss.split(",")))
        self._session = session
        self._checked: object = None

    def problems(self, olds: Props, news: Props) -> list[str]:
        """What the server does not support, or why that is not known."""
        if olds.get("declared") == news.get("declared"):
            return []
        try:
            found = self._problems(olds, news)
        except NexusError as error:
            return self._session.unasked(error)
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
        return [str(each) for each in Admission(self._session.reading()).problems(declared, before, self._allowed)]


def _declared(props: Props) -> Declared:
    """Empty for a new inventory, and for states of older releases."""
    return (Declaration.of(props).declared or {}) if props else {}
