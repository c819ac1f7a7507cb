"""Fills our defaults into what a user declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def completed(body: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """`body` with `defaults` for its missing keys; the defaults under "key?" apply only if `key` is given."""
    result = {key: _copy(value) for key, value in body.items()}
    for name, default in defaults.items():
        key = name.removesuffix("?")
        if isinstance(default, Mapping):
            given = result.get(key, None if name.endswith("?") else {})
            if isinstance(given, Mapping):
                result[key] = completed(given, default)
        elif key not in result and (filled := _filled(default, body)) is not None:
            result[key] = filled
    return result


def _filled(default: Any, body: Mapping[str, Any]) -> Any:
    """ "{name}" stands for what the body has under name."""
    if isinstance(default, str) and default.startswith("{"):
        return body.get(default.strip("{}"))
    return default


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, (list, tuple)) else value
