"""Reads the pydantic models of nexus-api-client: annotations, limits and the source of their field validators."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Union, get_args, get_origin

from nexus_api_client import api
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.generate_schema.schema import Properties, Schema, finished

SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number", datetime: "string"}
LIMITS = {"ge": "minimum", "le": "maximum", "min_length": "minLength", "max_length": "maxLength"}


def body_types() -> dict[tuple[str, str], Any]:
    """(method, path) -> the annotation of the body that the client's method takes."""
    found: dict[tuple[str, str], Any] = {}
    for module in pkgutil.iter_modules(api.__path__, "nexus_api_client.api."):
        for client in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(client) and client.__module__ == module.name:
                found.update(bodies_of(client))
    return found


def bodies_of(client: type) -> Iterator[tuple[tuple[str, str], Any]]:
    for name, method in vars(client).items():
        if name.startswith("_") or name.endswith(("_with_http_info", "_without_preload_content")):
            continue
        source = inspect.getsource(getattr(client, f"_{name}_serialize", method))
        verb, path = (re.search(rf"{key}='([^']+)'", source) for key in ("method", "resource_path"))
        body = re.search(r"if (\w+) is not None:\s+_body_params =", source)
        if verb and path and body:
            hints = typing.get_type_hints(inspect.unwrap(method), include_extras=True)
            yield (verb[1], path[1]), hints[body[1]]


@dataclass
class Models:
    """Turns annotations into schemas; every model met on the way becomes a definition."""

    definitions: dict[str, Properties] = field(default_factory=dict)

    def properties(self, model: type[BaseModel]) -> Properties:
        checks = validator_checks(model)
        return {
            info.alias or name: self.property(info.alias or name, info, checks.get(name, {}))
            for name, info in sorted(model.model_fields.items(), key=lambda item: item[1].alias or item[0])
        }

    def property(self, name: str, info: FieldInfo, check: Schema) -> Schema:
        schema = self.schema(info.annotation) | limits(info.metadata)
        (schema["items"] if schema.get("type") == "array" else schema).update(check)
        return finished(name, schema, required=info.is_required())

    def schema(self, annotation: Any) -> Schema:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in (Union, types.UnionType):
            (inner,) = (argument for argument in arguments if argument is not type(None))
            return self.schema(inner) | {"nullable": True}
        if origin is typing.Annotated:
            return self.schema(arguments[0]) | limits(arguments[1:])
        if origin in (list, set):
            return {"type": "array", "items": self.schema(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.schema(arguments[1])}
        if annotation in SCALARS:
            return {"type": SCALARS[annotation]}
        if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
            return self.define(annotation)
        return {}

    def define(self, model: type[BaseModel]) -> Schema:
        if model.__name__ not in self.definitions:
            self.definitions[model.__name__] = {}
            self.definitions[model.__name__] = self.properties(model)
        return {"$ref": model.__name__}


def limits(metadata: Any) -> Schema:
    found: Schema = {}
    for item in metadata:
        if isinstance(item, FieldInfo):
            found |= limits(item.metadata)
        found |= {ours: getattr(item, theirs) for theirs, ours in LIMITS.items() if hasattr(item, theirs)}
    return found


def validator_checks(model: type[BaseModel]) -> dict[str, Schema]:
    """Enum or pattern of each field, read from the source of the model's field validators."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    checks: dict[str, Schema] = {}
    for function in (node for node in definition.body if isinstance(node, ast.FunctionDef)):
        for decorator in (node for node in function.decorator_list if isinstance(node, ast.Call)):
            if getattr(decorator.func, "id", "") == "field_validator":
                checks |= {ast.literal_eval(name): check_in(function) for name in decorator.args}
    return checks


def check_in(function: ast.FunctionDef) -> Schema:
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        called = ast.unparse(call.func)
        if called == "set":
            return {"enum": ast.literal_eval(call.args[0])}
        if called == "re.match":
            return {"pattern": ast.literal_eval(call.args[0])}
    raise SystemExit(f"generate_schema: validator {function.name} is of a new kind: teach check_in() to read it")
