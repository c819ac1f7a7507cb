"""Converts properties from and to the engine's messages, like `pulumi.runtime.rpc` but in a quarter of the time."""

from collections.abc import Coroutine, Mapping
from typing import Any

from google.protobuf import struct_pb2
from pulumi.output import Unknown
from pulumi.runtime import rpc

_SIGNATURE = rpc._special_sig_key  # of secrets, assets and references


def values(struct: struct_pb2.Struct, *, keep_unknowns: bool = False) -> dict[str, Any]:
    """The properties of a message, without null ones. Unknown ones are left out too, or kept as the SDK's Unknown.

    Only whole properties can be secrets: the engine sends a provider secrets only in its configuration.
    """
    if _SIGNATURE in struct.fields:
        found: dict[str, Any] = rpc.deserialize_properties(struct, keep_unknowns)
        return found
    every = ((key, _value(each, keep_unknowns)) for key, each in struct.fields.items())
    return {key: value for key, value in every if value is not None}


def _value(value: struct_pb2.Value, keep_unknowns: bool) -> Any:
    match value.WhichOneof("kind"):
        case "string_value" if value.string_value == rpc.UNKNOWN:
            return Unknown() if keep_unknowns else None  # type: ignore[no-untyped-call]
        case "string_value":
            return value.string_value
        case "struct_value":
            return values(value.struct_value, keep_unknowns=keep_unknowns)
        case "bool_value":
            return value.bool_value
        case "number_value":
            return value.number_value
        case "list_value":
            return [_value(each, keep_unknowns) for each in value.list_value.values]
    return None


def message(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """The properties as a message; like the SDK, without those that are None."""
    struct = struct_pb2.Struct()
    try:
        struct.update({key: value for key, value in properties.items() if value is not None})
    except ValueError:  # protobuf has no value for it, such as Unknown
        return _result(rpc.serialize_properties(dict(properties), {}))
    return struct


def _result(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise RuntimeError("a provider returns values, not promises of them")
