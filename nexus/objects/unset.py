"""The fields that an adopted object leaves empty. With `adopt: strict` a value that somebody gives one is drift."""

from collections.abc import Iterator, Mapping
from typing import Any

from nexus import model, schema
from nexus.kinds.base import Kind
from nexus.model import Path, Ref
from nexus.schema.catalogue import Catalogue, Schema

UNSET = "unset"
"""The key of a state that has them, as dotted paths."""
_OTHERS = "*"
"""Stands for the keys of an object with free keys that are not declared."""


def recorded(kind: Kind, ref: Ref, body: Mapping[str, Any], live: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a state keeps of an object of which all fields are managed, after it was adopted or changed.

    A field that the server does not answer at all is not among them: a newer release may have it, with a value.
    """
    if not live or kind.body_key or not schema.known(ref.request):
        return {}
    declared = kind.both_names(body)
    left_out = kind.hidden(ref, live) | {(name,) for name in (kind.identity, kind.id_field, *kind.response_aliases)}
    paths = _unset(Catalogue.load().request(ref.request), live, declared, ())
    return {UNSET: sorted(model.dotted(path) for path in paths if path not in left_out)}


def with_values(body: Any, live: Mapping[str, Any], unset: list[str]) -> Any:
    """The declared part of the current state, with the fields that somebody has given a value since."""
    for *owner, key in (each.split(".") for each in unset):
        keys = sorted({*(model.at(live, tuple(owner)) or {})} - {*(model.at(body, tuple(owner)) or {})})
        for path in ((*owner, each) for each in (keys if key == _OTHERS else [key])):
            if not model.is_empty(value := model.at(live, path)):
                body = model.put(body, path, model.plain(value))
    return body


def _unset(schema: Schema, live: Mapping[str, Any], declared: Mapping[str, Any], at: Path) -> Iterator[Path]:
    """The paths that the answer shows empty and the declaration does not have."""
    for name, part in schema.get("properties", {}).items():
        value, wanted = live.get(name), declared.get(name)
        if name not in live or (wanted is not None and not isinstance(wanted, Mapping)):
            continue
        if model.is_empty(value) and wanted is None:
            yield (*at, name)
        elif isinstance(value, Mapping) and "properties" in part:
            yield from _unset(part, value, wanted or {}, (*at, name))
        elif isinstance(value, Mapping) and isinstance(wanted, Mapping) and not value.keys() - wanted.keys():
            yield (*at, name, _OTHERS)
