from collections.abc import Callable

from nexus.advice import ALLOW_ANOTHER_DATABASE, ALLOW_DATA_LOSS, DATABASE, entry
from nexus.errors import NexusError, NotFound, Rejected
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref
from nexus.problem import Problem
from nexus.recreation import holds_content


class LossGuard:
    """Nothing stored is lost by an `up`: what holds content goes only when the stack allows it by name."""

    def __init__(self, allowed: str, reading: Callable[[], Objects]) -> None:
        self._allowed = frozenset(allowed.split(","))
        self._reading = reading

    def refuse(self, ref: Ref, verb: str) -> None:
        """Asks the server whether a repository that would go holds content.

        Raises:
            Rejected: it does, or may.
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
            reason = f"may hold content, which Nexus cannot be asked ({error}),"
        allowed = f"what {ALLOW_DATA_LOSS} names"
        raise Rejected(Problem(str(ref), f"{reason} and would be {verb}", allowed, entry(ALLOW_DATA_LOSS, 0, ref.name)))

    def refuse_other_database(self, before: str, after: str) -> None:
        """For a change of the database that knows what the blob stores hold.

        Raises:
            Rejected: it is not allowed.
        """
        if DATABASE not in self._allowed:
            raise Rejected(
                Problem(
                    DATABASE,
                    f"the database {before} knows what is stored, and {after} nothing of it",
                    before,
                    ALLOW_ANOTHER_DATABASE,
                    after,
                )
            )
