from collections.abc import Callable

from nexus.errors import NexusError, NotFound, Rejected
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref
from nexus.problem import Problem
from nexus.recreation import holds_content

DATABASE = "nexus.database"
"""The word of allowDataLoss for another database; no repository's name is needed for it."""


class LossGuard:
    """Nothing stored is lost by an `up`: what holds content goes only when allowDataLoss of the stack file names it."""

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
        allowed = "what the stack file names in allowDataLoss"
        raise Rejected(Problem(str(ref), f"{reason} and would be {verb}", allowed, _allowing(ref.name)))

    def refuse_other_database(self, before: str, after: str) -> None:
        """For a change of the database that knows what the blob stores hold.

        Raises:
            Rejected: it is not allowed.
        """
        if DATABASE not in self._allowed:
            raise Rejected(
                Problem(
                    DATABASE,
                    f"what is stored is known to the database {before}, and nothing of it to {after}",
                    before,
                    f"move it with Sonatype's database migrator (docs/database.md), then {_allowing(DATABASE)}",
                    after,
                )
            )


def _allowing(name: str) -> str:
    return f"pulumi config set --path 'allowDataLoss[0]' {name}"
