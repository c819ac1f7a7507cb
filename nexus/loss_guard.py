from collections.abc import Callable

from nexus.advice import ALLOW_ANOTHER_DATABASE, ALLOW_DATA_LOSS, DATABASE, entry
from nexus.errors import NexusError, NotFound, Rejected
from nexus.model import Ref
from nexus.objects.objects import Objects
from nexus.problem import Problem
from nexus.recreation import holds_content


class LossGuard:
    """The data loss guard: an `up` removes or replaces what holds content only if `allowDataLoss` names it."""

    def __init__(self, allowed: str, reading: Callable[[], Objects]) -> None:
        self._allowed = frozenset(allowed.split(","))
        self._reading = reading

    def refuse(self, ref: Ref, verb: str) -> None:
        """Asks the server whether a repository that would be removed or replaced holds content.

        Raises:
            Rejected: it does, or might.
        """
        if ref.type != "hosted" or ref.name in self._allowed:
            return
        try:
            if not holds_content(self._reading(), ref):
                return
            reason = "holds content"
        except NotFound:
            return
        except (NexusError, ValueError) as error:
            reason = f"may hold content (asking Nexus failed: {error})"
        allowed = f"what {ALLOW_DATA_LOSS} names"
        raise Rejected(Problem(str(ref), f"{reason} and would be {verb}", allowed, entry(ALLOW_DATA_LOSS, 0, ref.name)))

    def refuse_other_database(self, before: str, after: str) -> None:
        """Checks a change of the database, which has the records of what the blob stores hold.

        Raises:
            Rejected: `allowDataLoss` does not allow the change.
        """
        if DATABASE not in self._allowed:
            raise Rejected(
                Problem(
                    DATABASE,
                    f"the database {before} has the records of what is stored, and {after} has none of them",
                    before,
                    ALLOW_ANOTHER_DATABASE,
                    after,
                )
            )
