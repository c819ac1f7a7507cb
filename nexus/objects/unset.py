"""The fields that the declaration of an adopted object leaves out. With `adopt: strict` a change of one is drift.

Those with a value on the server become part of the object's inputs, with that value. Those that are empty there are
only listed, since a state keeps no property that is null.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from nexus import model, schema
from nexus.kinds.base import Kind
from nexus.model import Path, Ref
from nexus.schema.catalogue import Catalogue, Schema
from nexus.schema.masking import masked

UNSET = "unset"
"""The key of a state that has the empty ones, as dotted paths."""
UNDECLARED = "undeclared"
"""The key of the inputs that have the others, with their values when the object was adopted."""
_OTHERS = "*"
"""Stands for the keys of an object with free keys that are not declared."""
_SORTS = ("type", "schedule")
"""Keys that say which other fields an object has."""


def undeclared(kind: Kind, ref: Ref, body: Mapping[str, Any], live: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values of the fields that are not declared, without secrets and what decides where content is."""
    if not live or kind.body_key or not schema.known(ref.request):
        return {}
    shown = model.without(kind.declarable(ref, live), kind.hidden(ref, live) | kind.replaces)
    return _left_out(_readable(Catalogue.load().request(ref.request), model.plain(shown)), kind.both_names(body))


def filled(kind: Kind, body: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the values of the fields that it leaves out."""
    return dict(model.deep_merge(_left_out(values, kind.both_names(body)), body))


def declared_part(body: Any, values: Mapping[str, Any]) -> Any:
    """The body without the fields that have values."""
    for key, value in values.items():
        if not isinstance(value, Mapping):
            body = model.without(body, [(key,)])
        elif isinstance(part := model.at(body, (key,)), Mapping):
            left = declared_part(part, value)
            body = {**body, key: left} if left else model.without(body, [(key,)])
    return body


def _left_out(values: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """What of the values is not declared; nothing of an object of another type."""
    if any(declared[key] != values[key] for key in _SORTS if key in declared and key in values):
        return {}
    found = {key: value for key, value in values.items() if key not in declared}
    for key in values.keys() & declared.keys():
        if isinstance(values[key], Mapping) and isinstance(declared[key], Mapping):
            found |= {key: part} if (part := _left_out(values[key], declared[key])) else {}
    return found


def _readable(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a state may have in plain text, without empty ones."""
    found = {}
    for name, part in schema.get("properties", {}).items():
        value = values.get(name)
        if isinstance(value, Mapping) and "properties" in part:
            value = _readable(part, value)
        elif masked(value, part) != value:
            continue
        if not model.is_empty(value):
            found[name] = value
    return found


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
