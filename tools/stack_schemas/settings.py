"""The settings of a stack file (stacks/) as JSON Schema: a description is what the docs say, or else the docstring."""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from stacks.settings import Settings
from tools.stack_schemas.docs import descriptions

SECURE = {"type": "object", "properties": {"secure": {"type": "string"}}, "required": ["secure"]}
"""What `pulumi config set --secret` writes instead of a text."""
_REFERENCE = re.compile(r'"\$ref": "#/\$defs/([^"]+)"')
_LIMITS = {"ge": "minimum", "le": "maximum"}
"""Pydantic leaves them in Python's words where a function runs before the check."""


class _Documented(GenerateJsonSchema):
    """With the docstring of each attribute as the description of its key."""

    def model_schema(self, schema: Any) -> dict[str, Any]:
        found = super().model_schema(schema)
        told = _docstrings(schema["cls"])
        for name, field in schema["cls"].model_fields.items():
            described = {"description": told[name]} if name in told else {}
            found["properties"][field.alias] = {**found["properties"][field.alias], **described}
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def settings() -> dict[str, Any]:
    """The schema of the model; its parts are under `$defs`."""
    found: dict[str, Any] = _plain(Settings.model_json_schema(by_alias=True, schema_generator=_Documented))
    _describe(found, found["$defs"])
    return found


def sealed(schema: Any) -> Any:
    """The schema, in which every text that is not one of a few may be encrypted."""
    if isinstance(schema, list):
        return [sealed(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: sealed(value) for key, value in schema.items()}
    if found.get("type") not in ("string", ["string", "null"]) or "enum" in found or "const" in found:
        return found
    described = {key: found.pop(key) for key in ("description", "default") if key in found}
    return {**described, "anyOf": [found, {"$ref": "#/$defs/secure"}]}


def parts_of(schema: Any) -> list[str]:
    """The names of the parts under `$defs` to which a schema refers."""
    return _REFERENCE.findall(json.dumps(schema))


def _plain(schema: Any) -> Any:
    """Without defaults that are sections, or only say that a key is missing, and without the names of classes."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {_LIMITS.get(key, key): _plain(value) for key, value in schema.items() if not _is_noise(key, value)}


def _is_noise(key: str, value: Any) -> bool:
    return (key == "default" and not isinstance(value, bool | int | str)) or (key == "title" and isinstance(value, str))


def _describe(schema: dict[str, Any], parts: Mapping[str, Any], above: str = "") -> None:
    for key, field in schema["properties"].items():
        names = parts_of(field)
        told = [descriptions().get(f"{above}{key}"), field.get("description")]
        told += [parts[name].get("description") for name in names]
        if texts := [text for text in told if text]:
            field["description"] = texts[0]
        for name in names:
            if "properties" in parts[name] and name != "Topology":
                _describe(parts[name], parts, f"{above}{key}.")


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings after the attributes of a class and its bases, in one line each."""
    return {name: text for cls in reversed(model.__mro__) for name, text in _attributes(cls)}


def _attributes(cls: type) -> Iterator[tuple[str, str]]:
    for attribute, text in pairwise(_body(cls) if cls.__module__.startswith("stacks.") else []):
        if isinstance(attribute, ast.AnnAssign) and isinstance(text, ast.Expr):
            yield ast.unparse(attribute.target), " ".join(ast.literal_eval(text.value).split())


def _body(cls: type) -> list[ast.stmt]:
    try:
        parsed = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    except OSError:  # made by create_model
        return []
    return parsed.body if isinstance(parsed, ast.ClassDef) else []
