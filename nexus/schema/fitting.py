"""Cuts an answer of the server down to what a request may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nexus.schema.catalogue import Schema


def fitted(body: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """The known keys of `body` that hold something; an object of which nothing is left goes as a whole."""
    properties = schema.get("properties")
    result = {}
    for key, value in body.items():
        if value is None or (properties is not None and key not in properties):
            continue
        part = properties[key] if properties is not None else {}
        if isinstance(value, Mapping):
            left = fitted(value, part)
            if value and not left:
                continue
            value = left
        result[key] = value
    return result
