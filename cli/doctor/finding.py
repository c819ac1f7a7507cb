import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

_Find = TypeVar("_Find", bound=Callable[..., Iterator["Finding"]])


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    what: str
    detail: str
    fix: str = ""
    """The command that fixes the problem; empty if there is none."""


@dataclass(frozen=True)
class Check:
    """A function that yields rows of the table."""

    row: str
    """The name of its first row, which says so if the check fails."""
    find: Callable[..., Iterator[Finding]]
    """Its parameters without a default are any of `stack`, `engine` and `applied`."""

    @property
    def needs(self) -> list[str]:
        given = inspect.signature(self.find).parameters.values()
        return [each.name for each in given if each.default is each.empty]


CHECKS: list[Check] = []


def check(row: str) -> Callable[[_Find], _Find]:
    """Adds a function to the checks of `doctor`."""

    def add(find: _Find) -> _Find:
        CHECKS.append(Check(row, find))
        return find

    return add


SECONDS = 4.0
"""The time limit of one call, so that an unreachable host costs only seconds."""
