from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    what: str
    detail: str
    fix: str = ""
    """The command that mends it; empty where nothing is wrong."""


Check = Callable[[], Iterator[Finding]]

SECONDS = 4.0
"""How long one question may take, so that a host that is gone costs seconds."""
