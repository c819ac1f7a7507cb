"""The operations whose bodies the schema describes: what makes or changes an object of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nexus.kinds import KINDS
from nexus.kinds.base import Kind

Operation = tuple[str, str]  # method and path

REPOSITORY_TYPES = ("group", "hosted", "proxy")
# Described although they are of no kind, since stack files do not declare them.
_OTHERS = {"serviceAccountToken": ("POST", "/v1/security/service-account-tokens")}


def operations(published: Iterable[Operation]) -> dict[str, Operation]:
    """Name in our schema -> operation, for everything that we describe."""
    found: dict[str, Operation] = dict(_OTHERS)
    listed = list(published)
    for name, kind in KINDS.items():
        if "{type}" in kind.create:
            found |= _of_types(name, kind, listed)
        elif kind.operation:
            found[name] = kind.operation
    return dict(sorted(found.items()))


def _of_types(name: str, kind: Kind, published: list[Operation]) -> dict[str, Operation]:
    """One operation for each type with a path."""
    types = "|".join(REPOSITORY_TYPES) if name == "repository" else r"[\w-]+"
    path = re.compile(kind.create.replace("{format}", r"(\w+)").replace("{type}", f"({types})"))
    matches = ((operation, path.fullmatch(operation[1])) for operation in published if operation[0] == "POST")
    return {"/".join((name, *match.groups())): operation for operation, match in matches if match}
