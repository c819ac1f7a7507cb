from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    what: str
    detail: str
    fix: str = ""
    """The command that fixes the problem; empty if there is none."""


Check = Callable[[], Iterator[Finding]]

SECONDS = 4.0
"""The time limit of one call, so that an unreachable host costs only seconds."""
