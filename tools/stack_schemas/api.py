"""Nexus's request bodies (nexus/schema) as JSON Schema.

Nothing is required, and anything may be null: a stack file may override a single key of an object that the shared
topology declares, and an adopted object keeps what is not declared. What one field demands of another is left to the
preview.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from nexus.schema.catalogue import Catalogue
from nexus.schema.catalogue import Schema as Described

_AS_IT_IS = ("type", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems")


def body_of(request: str) -> dict[str, Any]:
    """The body of a request, by name as in nexus/schema."""
    return _converted(Catalogue.load().request(request), Catalogue.load().defaults(request))


@cache
def bodies_of(kind: str) -> dict[str, dict[str, Any]]:
    """The bodies of a kind whose objects have a type, by type; only that of "" if its objects have none."""
    prefix = f"{kind}/"
    names = [name for name in Catalogue.load().names if name == kind or name.startswith(prefix)]
    return {name.removeprefix(prefix) if name != kind else "": body_of(name) for name in names}


def _converted(schema: Described, default: Any = None) -> dict[str, Any]:
    found = {key: schema[key] for key in _AS_IT_IS if key in schema}
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    if "type" in found:
        found["type"] = [found["type"], "null"]
    if "pattern" in schema:
        found["pattern"] = f"^(?:{schema['pattern']})$"
        found |= _text({"patternErrorMessage": Catalogue.load().pattern_texts.get(schema["pattern"], "")})
    if "items" in schema:
        found["items"] = _converted(schema["items"])
    if "contains" in schema:
        found["contains"] = {"const": schema["contains"]}
    if "properties" in schema:
        defaults = default if isinstance(default, Mapping) else {}
        found["properties"] = {
            name: _converted(each, defaults.get(name)) for name, each in schema["properties"].items()
        }
        found["additionalProperties"] = False
    elif default is not None and not (isinstance(default, str) and "{" in default):
        found["default"] = default
    return {**found, **_text({"description": _ages(schema)})}


def _text(found: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in found.items() if value}


def _ages(schema: Described) -> str:
    said = [f"Since Nexus {schema['since']}."] if "since" in schema else []
    said += [f"Until Nexus {schema['until']}."] if "until" in schema else []
    said += ["Only when the object is created."] if schema.get("only") == "creation" else []
    return " ".join(said)
