"""Checks a request body against its schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nexus.schema.catalogue import Schema
from nexus.schema.description import describe, one_of
from nexus.schema.masking import masked
from nexus.schema.merging import merged, nested
from nexus.schema.release import is_older
from nexus.schema.violation import MISSING, Violation
from nexus.syntax import PROBLEMS


class Validator:
    """Finds every violation in one pass, in the order of the body's keys."""

    def __init__(self, generation: str | None = None) -> None:
        self._generation = generation

    def check(self, path: str, value: object, schema: Schema) -> Iterator[Violation]:
        if value is None:
            if self._is_required(schema) and not schema.get("nullable"):
                yield Violation(path, None, describe(schema), MISSING)
            return
        aged = self._check_age(path, value, schema)
        if aged is not None:
            yield aged
        elif not has_type(value, schema.get("type")):
            yield Violation(path, masked(value, schema), describe(schema), "wrong type")
        elif isinstance(value, Mapping):
            yield from self._check_object(path, value, schema)
        elif isinstance(value, (list, tuple)):
            yield from self._check_list(path, value, schema)
        elif (problem := scalar_problem(value, schema)) is not None:
            yield Violation(path, masked(value, schema), describe(schema), problem)

    def _is_required(self, schema: Schema) -> bool:
        until = schema.get("requiredUntil")
        return bool(schema.get("required")) or bool(
            until and self._generation and not is_older(until, self._generation)
        )

    def _check_age(self, path: str, value: object, schema: Schema) -> Violation | None:
        generation, since, until = self._generation, schema.get("since"), schema.get("until")
        if generation is None:
            return None
        if since and is_older(generation, since):
            problem = f"needs Nexus {since} or newer"
        elif until and is_older(until, generation):
            problem = f"unknown to Nexus after {until}"
        else:
            return None
        return Violation(path, masked(value, schema), f"nothing on Nexus {generation}", problem)

    def _check_object(self, path: str, value: Mapping[Any, Any], schema: Schema) -> Iterator[Violation]:
        if "properties" not in schema:
            hidden = {**schema.get("additionalProperties", {}), "secret": True}  # a free name may hide a password
            for key, item in value.items():
                yield from self.check(joined(path, key), item, hidden)
            return
        properties = with_conditions(value, schema)
        for key, item in value.items():
            if key in properties:
                yield from self.check(joined(path, key), item, properties[key])
            else:
                yield Violation(joined(path, key), key, one_of("keys", list(properties), str(key)), "unknown key")
        for key in properties:
            if key not in value:
                yield from self.check(joined(path, key), None, properties[key])

    def _check_list(self, path: str, value: list[Any] | tuple[Any, ...], schema: Schema) -> Iterator[Violation]:
        if list_problem(value, schema):
            yield Violation(path, masked(value, schema), describe(schema), "not allowed")
        items = {**schema.get("items", {}), "required": True}
        for index, item in enumerate(value):
            yield from self.check(f"{path}[{index}]", item, items)


def joined(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def with_conditions(value: Mapping[Any, Any], schema: Schema) -> Mapping[str, Schema]:
    """The object's properties, with the conditions that its own values impose on them."""
    properties: Mapping[str, Schema] = schema["properties"]
    for condition in schema.get("conditions", ()):
        facts = {path: at(value, path) for path in condition["when"]}
        if all(fact in condition["when"][path] for path, fact in facts.items()):
            reason = " and ".join(f"{path} is {'true' if fact is True else fact}" for path, fact in facts.items())
            for path, demand in condition["then"].items():
                properties = merged(properties, nested(path, {**demand, "condition": reason}))
    return properties


def at(value: object, path: str) -> object:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def has_type(value: object, type_: str | None) -> bool:
    """Numbers may be floats; true and false are not numbers."""
    match type_:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return not isinstance(value, bool) and (
                isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            )
        case "number":
            return not isinstance(value, bool) and isinstance(value, (int, float))
        case "array":
            return isinstance(value, (list, tuple))
        case "object":
            return isinstance(value, Mapping)
    return True


def scalar_problem(value: Any, schema: Schema) -> str | None:
    if "enum" in schema and value not in schema["enum"]:
        return "not allowed"
    if isinstance(value, str):
        fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        matches = "pattern" not in schema or re.fullmatch(schema["pattern"], value) is not None
        return _syntax_problem(value, schema) if fits and matches else "not allowed"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        fits = schema.get("minimum", value) <= value <= schema.get("maximum", value)
        return None if fits else "out of range"
    return None


def _syntax_problem(value: str, schema: Schema) -> str | None:
    return PROBLEMS[schema["syntax"]](value) if "syntax" in schema else None


def list_problem(value: list[Any] | tuple[Any, ...], schema: Schema) -> bool:
    return (
        not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        or (schema.get("uniqueItems", False) and any(item in value[:index] for index, item in enumerate(value)))
        or ("contains" in schema and schema["contains"] not in value)
    )
