"""Refuses secrets in plain text, which everybody who can read the file or its git history would have."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from nexus import schema
from nexus.advice import key_at, secret
from nexus.problem import Problem

_PEM = "-----BEGIN "
# Keys of the stack file itself, and the variables of dnsEnvironment that are named like secrets.
_PASSWORDS = "passwords"
_NAMES = frozenset({"privateKey", "hmac"})
_VARIABLE = re.compile(r"[A-Z0-9_]*(TOKEN|SECRET|PASSWORD|KEY)")


def in_clear(given: Mapping[str, Any], found: str = "is in plain text") -> Iterator[Problem]:
    """A problem for each secret in plain text; one that Pulumi has encrypted is a mapping with `secure`."""
    for path in _paths(given, (), inherited=False):
        key = key_at(*path)
        fix = f"{secret(key)}, with a new value, since this one was readable"
        yield Problem(key, f"the secret {found}", "a secret of the stack file", fix)


def _paths(value: Any, path: tuple[str | int, ...], *, inherited: bool) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, Mapping):
        if "secure" in value:
            return
        for key, below in value.items():
            yield from _paths(below, (*path, str(key)), inherited=inherited or key == _PASSWORDS)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _paths(below, (*path, index), inherited=inherited)
    elif isinstance(value, str) and value and path and (inherited or _is_secret(str(path[-1]), value)):
        yield path


def _is_secret(key: str, value: str) -> bool:
    """`privateKey` may also be the name of a file."""
    if key == "privateKey":
        return value.lstrip().startswith(_PEM)
    return key in _NAMES or key in _leaves() or _VARIABLE.fullmatch(key) is not None


@cache
def _leaves() -> frozenset[str]:
    return frozenset(path[-1] for request in schema.requests() for path in schema.secret_paths(request))
