"""Overlaying nested mappings without changing either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nexus import model


def merged(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `overlay` on top; None removes a key, and keys that only `overlay` has come last."""
    return dict(model.deep_merge(base, overlay, none_removes=True))


def nested(path: str, value: Any) -> dict[str, Any]:
    """The properties overlay that puts `value` at a dotted path of properties."""
    head, _, rest = path.partition(".")
    return {head: {"properties": nested(rest, value)} if rest else value}
