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


def holds_secret(schema: Schema) -> bool:
    return bool(schema.get("secret")) or any(map(holds_secret, schema.get("properties", {}).values()))
