"""The sections of a topology as JSON Schema: what stacks/topology adds to the bodies of Nexus's API."""

from collections.abc import Mapping
from typing import Any

from nexus.kinds import KINDS
from stacks.topology.sections import KIND_OF, MANY
from tools.stack_schemas import api

Schema = dict[str, Any]


def section(name: str, own: Schema) -> Schema:
    """The schema of a section; `own` is that of its objects in stacks/topology."""
    entry = _entry(KIND_OF[name], own)
    if name not in MANY:
        return entry
    return {"type": ["object", "null"], "additionalProperties": entry}


def _entry(kind: str, own: Schema) -> Schema:
    bodies = {variant: _fields(kind, body, own) for variant, body in api.bodies_of(kind).items()}
    if set(bodies) == {""}:
        return _object(bodies[""])
    by = ("format", "type") if kind == "repository" else ("type",)
    choices = {variant: dict(zip(by, variant.split("/"), strict=True)) for variant in bodies}
    named = {key: _choice(own["properties"][key], [each[key] for each in choices.values()]) for key in by}
    rules = [
        {"if": _is(choices[variant], named), "then": _object({**fields, **named})} for variant, fields in bodies.items()
    ]
    return {"type": ["object", "null"], "properties": named, "allOf": rules}


def _fields(kind: str, body: Schema, own: Schema) -> Schema:
    """The keys of an object: the API's without its name, and our own, which are all if `own` allows no other."""
    form = KINDS[kind]
    theirs: Mapping[str, Any] = body.get("properties", {form.body_key: body})
    ours = {key: value for key, value in own["properties"].items() if not _is_vague(value)}
    fields = {key: value for key, value in theirs.items() if key not in (form.identity, form.id_field)}
    if not own["additionalProperties"]:
        fields = {key: value for key, value in fields.items() if key in own["properties"]}
    of_others = {key for each in api.bodies_of(kind).values() for key in each.get("properties", ())} - set(theirs)
    return {**fields, **{key: value for key, value in ours.items() if key not in of_others}}


def _is_vague(field: Schema) -> bool:
    """Whether stacks/topology leaves it to the API what the field contains."""
    return any(each.get("additionalProperties") is True for each in field.get("anyOf", ()))


def _object(properties: Schema) -> Schema:
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def _choice(own: Schema, values: list[str]) -> Schema:
    return {**{key: own[key] for key in ("default", "description") if key in own}, "enum": list(dict.fromkeys(values))}


def _is(values: Mapping[str, str], named: Schema) -> Schema:
    """Whether an object has these values, or leaves out one that is the default."""
    required = [key for key, value in values.items() if named[key].get("default") != value]
    return {"properties": {key: {"const": value} for key, value in values.items()}, "required": required}
