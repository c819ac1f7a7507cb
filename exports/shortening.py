"""Removes defaults from a body, since the stack file need not repeat them."""

from collections.abc import Mapping
from typing import Any

from nexus import schema
from nexus.kinds import KINDS


def shortened(request: str, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without our defaults, if completing it restores exactly this body; else the whole body."""
    short = _without_defaults(body, schema.defaults(request), name)
    named = KINDS[request.partition("/")[0]].named(name)
    again = schema.complete(request, {**named, **short})
    return short if {**again, **named} == {**body, **named} else dict(body)


def _without_defaults(body: Mapping[str, Any], defaults: Mapping[str, Any], name: str) -> dict[str, Any]:
    result = {}
    for key, value in body.items():
        default = defaults.get(key, defaults.get(f"{key}?"))
        if isinstance(value, Mapping) and isinstance(default, Mapping):
            part = _without_defaults(value, default, name)
            if part or f"{key}?" in defaults:
                result[key] = part
        elif default is None or value != (name if default in ("{name}", "{id}") else default):
            result[key] = value
    return result
