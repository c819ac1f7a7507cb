"""Condenses an OpenAPI document of the server: operations and the types of requests and answers.

    python -m tests.conformance.stand_in.facts DOCUMENT > tests/conformance/stand_in/apis/GENERATION.json

A type is `text`, `integer`, `number`, `boolean`, `map`, `any`, `a|b` for one of these values, or the name of a
definition; brackets make it a list. A field with `*` after its type is required.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.support.versions import NEWEST

METHODS = ("get", "post", "put", "delete", "patch")
SIMPLE = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean"}
FOLDER = Path(__file__).parent / "apis"

GENERATIONS = ("3.77", "3.90", NEWEST)
"""The generations with committed facts."""

Facts = dict[str, Any]


def facts(document: Facts) -> Facts:
    """The facts of a document in Swagger 2 or OpenAPI 3."""
    operations = {}
    for path, methods in sorted(document["paths"].items()):
        for method in METHODS:
            if method in methods:
                operations[f"{method.upper()} {path}"] = _operation(methods[method])
    schemas = document.get("definitions") or document["components"]["schemas"]
    definitions = {name: _fields(schema, schemas) for name, schema in sorted(schemas.items())}
    return {"operations": operations, "definitions": definitions}


def _operation(operation: Facts) -> Facts:
    found: Facts = {}
    body = _content(operation.get("requestBody")) or next(
        (parameter["schema"] for parameter in operation.get("parameters", []) if parameter.get("in") == "body"), None
    )
    if body:
        found["takes"] = _type(body)
    for status, response in operation.get("responses", {}).items():
        schema = _content(response) or response.get("schema")
        found[status] = _type(schema) if schema else ""
    return found


def _content(part: Facts | None) -> Facts | None:
    for media in ((part or {}).get("content") or {}).values():
        if media.get("schema"):
            schema: Facts = media["schema"]
            return schema
    return None


def _fields(schema: Facts, schemas: Facts) -> dict[str, str]:
    if "$ref" in schema:
        return _fields(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    required = schema.get("required", [])
    inherited: dict[str, str] = {}
    for part in schema.get("allOf", []):
        inherited |= _fields(part, schemas)
    return inherited | {
        name: _type(field) + ("*" if name in required else "")
        for name, field in sorted(schema.get("properties", {}).items())
    }


def _type(schema: Facts) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if schema.get("enum"):
        return "|".join(str(word) for word in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if schema.get("type") == "object":
        return "map"
    return SIMPLE.get(schema.get("type", ""), "any")


def load(generation: str) -> Facts:
    """The committed facts of a generation."""
    loaded: Facts = json.loads((FOLDER / f"{generation}.json").read_text())
    return loaded


def written(found: Facts) -> str:
    """JSON with one line for each operation and definition, for readable diffs."""
    parts = []
    for name, entries in found.items():
        lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())
        parts.append(f" {json.dumps(name)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(parts) + "\n}"


if __name__ == "__main__":
    print(written(facts(yaml.safe_load(Path(sys.argv[1]).read_text()))))
