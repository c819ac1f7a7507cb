"""Keeps secrets out of messages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nexus.schema.catalogue import Schema

MASK = "***"
CREDENTIALS_IN_URL = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def masked(value: object, schema: Schema) -> object:
    """`value` as it may be shown: only the keys of an object, and *** for a secret."""
    if isinstance(value, Mapping):
        return f"an object with the keys {', '.join(map(str, value))}" if value else "an empty object"
    if holds_secret(schema):
        return MASK
    if isinstance(value, (list, tuple)):
        return [masked(item, schema.get("items", {})) for item in value]
    if isinstance(value, str):
        return CREDENTIALS_IN_URL.sub(MASK, value)
    return value


def masked_at(value: object, schema: Schema, path: tuple[str, ...]) -> object:
    """`value` at a path of a body, as it may be shown; *** if the schema does not describe what is there."""
    for key in path:
        schema = schema.get("properties", {}).get(key, {"secret": True})
    return MASK if value is not None and holds_secret(schema) else masked(value, schema)


def holds_secret(schema: Schema) -> bool:
    return bool(schema.get("secret")) or any(map(holds_secret, schema.get("properties", {}).values()))
