"""Converts between the forms of requests and of answers."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from nexus import model, schema
from nexus.kinds import KINDS
from nexus.kinds.base import Kind
from nexus.objects.ref import Ref

Body = dict[str, Any]

_EVERY_ACTION = frozenset({"BROWSE", "READ", "EDIT", "ADD", "DELETE"})


def from_response(kind: Kind, found: Any) -> Body | None:
    """An answer in the form of the request; None for no answer."""
    if found is None:
        return None
    if kind.sequence:
        return {kind.body_key: [entry[kind.sequence] for entry in sorted(found, key=itemgetter("order"))]}
    if not isinstance(found, Mapping):
        return {kind.body_key: found}
    result = {**found, **{ask: found.get(tell) for ask, tell in kind.response_aliases.items()}}
    for name, keys in kind.nested_fields.items():
        result[name] = {key: found[key] for key in keys if found.get(key) is not None} or None
    return result


def select_declared(kind: Kind, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
    """The declared part of the current state."""
    if kind.sequence:
        return {kind.body_key: [name for name in live.get(kind.body_key, ()) if name in declared[kind.body_key]]}
    return model.select_declared(live, declared)


def complete(kind: Kind, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
    """The current state with the declaration merged over it; in an order, declared names come first."""
    if kind.sequence:
        first = declared[kind.body_key]
        return {kind.body_key: [*first, *(name for name in live.get(kind.body_key, ()) if name not in first)]}
    live = model.without(live, kind.response_only.get(str(live.get("type")), ()))
    return model.deep_merge(live, both_names(kind, declared))


def both_names(kind: Kind, body: Mapping[str, Any]) -> Body:
    """The body with each renamed key under both of its names: a server reads the one that it supports."""
    result = dict(body)
    for ask, tell in kind.response_aliases.items():
        if ask in body or tell in body:
            result[ask] = result[tell] = body.get(ask) if body.get(ask) is not None else body.get(tell)
    return result


def request(kind: Kind, ref: Ref, body: Mapping[str, Any], *, creates: bool = False) -> Any:
    """What goes over the wire, to change an object or to create it."""
    if kind.body_key:
        return body[kind.body_key]
    whole = {**kind.constants, **body, **kind.named(ref.name)}
    if not schema.known(ref.request):
        return whole
    return schema.fitting(ref.request, whole, schema.CREATION if creates else schema.CHANGE)


def described(kind: Kind, name: str, body: Mapping[str, Any]) -> Any:
    """What the schema of the kind describes: the body with the object's name, or what the body wraps."""
    if kind.body_key:
        return body.get(kind.body_key)
    return {**kind.named(name), **body}


def completed(ref: Ref, body: Mapping[str, Any]) -> Body:
    """The body of a new object, with our defaults for settings that an adopted object would already have."""
    identity = KINDS[ref.kind].identity
    if ref.kind == "repository":
        body = model.deep_merge({"storage": {"blobStoreName": "default"}}, body)
    whole = schema.complete(ref.request, {**KINDS[ref.kind].named(ref.name), **body})
    return {key: value for key, value in whole.items() if key != identity or identity in body}


def with_added_fields(ref: Ref, body: Any) -> Any:
    """An object's body from a state, with the defaults of fields that older states do not have."""
    later = KINDS[ref.kind].added_fields
    if not later or not isinstance(body, Mapping):
        return body
    return {**{key: value for key, value in schema.complete(ref.request, body).items() if key in later}, **body}


def canonical(kind: Kind, body: Any) -> Any:
    """The body in the form in which it is compared: equivalent spellings become the same."""
    for path in kind.upper:
        body = _replaced(body, path, _upper)
    for path in kind.actions:
        body = _replaced(body, path, _actions)
    return body


def changes(kind: Kind, old: Any, new: Any) -> Iterable[model.Path]:
    """The paths at which two bodies differ."""
    return model.changes(canonical(kind, old), canonical(kind, new), kind.unordered | kind.actions)


def declared_changes(ref: Ref, old: Any, new: Any, adopts: bool) -> list[model.Path]:
    """The paths at which two declarations of an object differ.

    States before 2026-11-26 contain our defaults for adopted objects; that these are no longer declared is no change.
    """
    found = changes(KINDS[ref.kind], with_added_fields(ref, old), new)
    if not adopts:
        return list(found)
    whole = completed(ref, new)
    return [path for path in found if model.at(new, path) is not None or model.at(old, path) != model.at(whole, path)]


def without_defaults(old: Mapping[str, Any], new: Mapping[str, Any], whole: Mapping[str, Any]) -> Body:
    """The old declaration without our defaults that are no longer declared."""
    return {
        key: without_defaults(value, new.get(key) or {}, whole.get(key) or {}) if isinstance(value, Mapping) else value
        for key, value in old.items()
        if key in new or isinstance(value, Mapping) or value != whole.get(key)
    }


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _actions(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    named = {str(action).upper() for action in value}
    return ["ALL"] if "ALL" in named or named >= _EVERY_ACTION else sorted(named)


def _replaced(value: Any, path: model.Path, change: Any) -> Any:
    if not path:
        return change(value)
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    return {**value, path[0]: _replaced(value[path[0]], path[1:], change)}
