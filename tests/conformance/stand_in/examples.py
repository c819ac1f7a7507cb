"""Request bodies with every field of the published models."""

import inspect
import typing
from types import UnionType
from typing import Any

from pydantic import BaseModel

_TEXTS = {
    "name": "",  # set by the test
    "blobStoreName": "default",
    "remoteUrl": "https://remote.test/",
    "writePolicy": "ALLOW",
    "type": "username",
    "username": "reader",
    "indexType": "CUSTOM",
    "versionPolicy": "MIXED",
    "layoutPolicy": "PERMISSIVE",
    "contentDisposition": "INLINE",
    "deployPolicy": "PERMISSIVE",
    "nugetVersion": "V2",
    "conanVersion": "V2",
    "enforcement": "KEYLESS",
    "mode": "AUDIT",
    "subdomain": "sub",
}
_NUMBERS = {"httpPort": None, "httpsPort": None}  # ports of this machine do not belong in examples
_LEFT_OUT = {"routingRule", "routingRuleName", "replication", "cleanup", "writableMember"}


def example(model: type[BaseModel], given: dict[str, Any]) -> dict[str, Any]:
    """A body for the model with JSON's names; given values are used unchanged."""
    body = {}
    for name, field in model.model_fields.items():
        alias = field.alias or name
        if alias in _LEFT_OUT or (model.__name__, alias) == (
            "OciProxyAttributes",
            "indexType",
        ):  # no value would be valid
            continue
        value = given.get(alias, _value(alias, field.annotation))
        if value is not None:
            body[alias] = value
    return body


def _value(name: str, annotation: Any) -> Any:
    kind = bare(annotation)
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        return example(kind, {})
    if typing.get_origin(kind) is list:
        element = _value("", typing.get_args(kind)[0])
        return [element] if element is not None else []
    if kind is bool:
        return True
    if kind is int:
        return _NUMBERS.get(name, 1)
    return _TEXTS.get(name, f"{name or 'text'}-example")


def bare(annotation: Any) -> Any:
    """The type inside of Optional and Annotated."""
    if typing.get_origin(annotation) is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, UnionType):
        return bare(next(one for one in typing.get_args(annotation) if one is not type(None)))
    return annotation


def example_of(kind: str, definitions: dict[str, dict[str, str]], given: dict[str, Any]) -> dict[str, Any]:
    """The same for a definition of an older API in the form of tests.conformance.stand_in.facts."""
    body = {}
    for name, of in definitions[kind].items():
        if name in _LEFT_OUT:
            continue
        value = given[name] if name in given else _value_of(name, of.rstrip("*"), definitions)
        if value is not None:
            body[name] = value
    return body


def _value_of(name: str, kind: str, definitions: dict[str, dict[str, str]]) -> Any:
    if kind in definitions:
        return example_of(kind, definitions, {})
    if kind.startswith("["):
        return [_value_of("", kind[1:-1], definitions)]
    if kind == "boolean":
        return True
    if kind == "integer":
        return _NUMBERS.get(name, 1)
    return _TEXTS.get(name, f"{name or 'text'}-example")
