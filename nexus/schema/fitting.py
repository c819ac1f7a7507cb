"""Reduces an answer of the server to what a request may contain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nexus.schema.catalogue import Schema

CREATION, CHANGE = "creation", "change"
"""What a request does to an object; some properties belong to only one of them."""


def fitted(body: Mapping[str, Any], schema: Schema, verb: str = "") -> dict[str, Any]:
    """The known keys of `body` that are not null; an object that becomes empty is left out."""
    properties = schema.get("properties")
    result = {}
    for key, value in body.items():
        if value is None or (properties is not None and key not in properties):
            continue
        part = properties[key] if properties is not None else {}
        if verb and part.get("only", verb) != verb:
            continue
        if isinstance(value, Mapping):
            left = fitted(value, part, verb)
            if value and not left:
                continue
            value = left
        result[key] = value
    return result
