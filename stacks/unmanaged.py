"""What may be on the server although the stack does not declare it."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import StringConstraints

from stacks.topology.sections import SECTIONS

EVERY = "*"
if TYPE_CHECKING:
    Section = str
else:
    Section = Literal[(EVERY, *SECTIONS)]

Unmanaged = Mapping[Section, tuple[Annotated[str, StringConstraints(min_length=1)], ...]]
"""Patterns of names, like `ci-*`, by section of the topology; those of `*` are for every section."""


def allows(unmanaged: Unmanaged, section: str, name: str) -> bool:
    """Whether a pattern matches the name."""
    return any(fnmatchcase(name, pattern) for key in (section, EVERY) for pattern in unmanaged.get(key, ()))


def names(unmanaged: Unmanaged, section: str, name: str) -> bool:
    """Whether the name itself is listed: a pattern does not allow another administrator."""
    return name in unmanaged.get(section, ())
