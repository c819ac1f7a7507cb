"""What a schema allows, in words for an error message."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from nexus.schema.catalogue import Catalogue, Schema
from nexus.syntax import TEXTS

PLURALS = {"string": "strings", "integer": "integers", "boolean": "booleans", "object": "objects"}


def describe(schema: Schema) -> str:
    text = _describe(schema)
    return f"{text}, because {schema['condition']}" if "condition" in schema else text


def one_of(kind: str, names: list[str], given: str) -> str:
    """The choices, with the one that was probably meant."""
    close = get_close_matches(given, names, n=1)
    return f"one of the {kind} {', '.join(names)}" + (f" (did you mean {close[0]}?)" if close else "")


def _describe(schema: Schema) -> str:
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    match schema.get("type"):
        case "boolean":
            return "true or false"
        case "integer" | "number":
            return _number(schema)
        case "string":
            return _string(schema)
        case "array":
            return _list(schema)
        case "object" if "properties" in schema:
            return f"an object with the keys {', '.join(schema['properties'])}"
        case "object":
            return "an object"
    return "any value"


def _number(schema: Schema) -> str:
    noun = "an integer" if schema["type"] == "integer" else "a number"
    match schema.get("minimum"), schema.get("maximum"):
        case None, None:
            return noun
        case low, None:
            return f"{noun} of at least {low}"
        case None, high:
            return f"{noun} of at most {high}"
        case low, high:
            return f"{noun} from {low} to {high}"


def _string(schema: Schema) -> str:
    pattern = schema.get("pattern")
    if "syntax" in schema:
        text = TEXTS[schema["syntax"]]
    elif pattern is not None:
        text = Catalogue.load().pattern_texts.get(pattern, f"a string that matches {pattern}")
    else:
        text = "a non-empty string" if schema.get("minLength") else "a string"
    return f"{text}, at most {schema['maxLength']} characters" if "maxLength" in schema else text


def _list(schema: Schema) -> str:
    items: dict[str, Any] = schema.get("items", {})
    if items.keys() & {"enum", "pattern", "syntax"}:
        text = f"a list, each item {_describe(items)}"
    else:
        text = f"a list of {PLURALS.get(items.get('type', ''), 'values')}"
    limits = [f"at least {schema['minItems']}"] if "minItems" in schema else []
    limits += [f"at most {schema['maxItems']}"] if "maxItems" in schema else []
    limits += ["no duplicates"] if schema.get("uniqueItems") else []
    limits += [f"including {schema['contains']}"] if "contains" in schema else []
    return ", ".join([text, *limits])
