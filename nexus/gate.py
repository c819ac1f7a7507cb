"""When the server is asked whether it can hold what is declared."""

from collections.abc import Callable, Mapping
from typing import Any

from nexus.admission import Admission, declared_of
from nexus.errors import NexusError, Rejected
from nexus.objects.objects import Objects

Props = Mapping[str, Any]


class Gate:
    """Judges the input `declared` of the inventory, in a preview and once more where that could not be."""

    def __init__(self, allowed_loss: str, reading: Callable[[], Objects]) -> None:
        self._allowed = frozenset(filter(None, allowed_loss.split(",")))
        self._reading = reading
        self._judged: object = None

    def problems(self, olds: Props, news: Props) -> list[str]:
        """What the server cannot hold; nothing where it is not there yet or takes no credentials."""
        if olds.get("declared") == news.get("declared"):
            return []
        try:
            found = self._problems(olds, news)
        except (NexusError, ValueError):
            return []
        self._judged = news.get("declared")
        return found

    def admit(self, props: Props) -> None:
        """On a new server, before anything is made there.

        Raises:
            Rejected: it cannot hold what is declared.
        """
        if self._judged != props.get("declared") and (found := self._problems({}, props)):
            raise Rejected("\n".join(found))

    def _problems(self, olds: Props, news: Props) -> list[str]:
        declared, before = (declared_of(props.get("declared")) for props in (news, olds))
        return [str(each) for each in Admission(self._reading()).problems(declared, before, self._allowed)]
