"""Overlaying nested mappings without changing either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `overlay` on top.

    Mappings are merged key by key, lists and scalars are replaced, a key set to None is taken out; what only the
    overlay names comes last.
    """
    result = dict(base)
    for key, value in overlay.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def nested(path: str, value: Any) -> dict[str, Any]:
    """The properties overlay that puts `value` at a dotted path of properties."""
    head, _, rest = path.partition(".")
    return {head: {"properties": nested(rest, value)} if rest else value}
