"""The calls of the provider protocol."""

import gc
from typing import Any

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.dynamic import ReadResult
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.output import Unknown
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from nexus import advice
from nexus.errors import Rejected
from nexus.plugin import messages
from nexus.plugin.server import serve
from nexus.plugin.servicer import Servicer
from nexus.provider import NexusProvider

SECRET = {rpc._special_sig_key: rpc._special_secret_sig, "value": "hidden"}
SAMPLES: list[dict[str, Any]] = [
    {},
    {"text": "", "number": 1.5, "whole": 2.0, "yes": True, "nothing": None},
    {"body": {"names": ["a", None, {"b": []}], "nothing": None, "deep": {"er": {}}}},
    {"unknown": rpc.UNKNOWN, "body": {"of": [rpc.UNKNOWN]}},
    {"secret": SECRET},
]


def struct(content: dict[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(content)
    return made


@pytest.mark.parametrize("keep_unknowns", [True, False])
@pytest.mark.parametrize("content", SAMPLES)
def test_properties_are_read_as_the_sdk_reads_them(content: dict[str, Any], keep_unknowns: bool) -> None:
    found = messages.values(struct(content), keep_unknowns=keep_unknowns)
    assert comparable(found) == comparable(rpc.deserialize_properties(struct(content), keep_unknowns))


def comparable(value: Any) -> Any:
    """Makes unknown values comparable."""
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return "unknown" if isinstance(value, Unknown) else value


@pytest.mark.parametrize("content", SAMPLES)
def test_properties_are_written_as_the_sdk_writes_them(content: dict[str, Any]) -> None:
    given = messages.values(struct(content), keep_unknowns=True)
    assert messages.message(given) == messages._result(rpc.serialize_properties(given, {}))


class Connection:
    """A connection of the engine; keeps the error that it was answered."""

    def __init__(self, port: int = 1) -> None:
        self._port = port
        self.code: grpc.StatusCode | None = None
        self.details = ""

    def peer(self) -> str:
        return f"ipv4:127.0.0.1:{self._port}"

    def set_code(self, code: grpc.StatusCode) -> None:
        self.code = code

    def set_details(self, details: str) -> None:
        self.details = details


def configured(servicer: Servicer, connection: Connection, **config: str) -> Connection:
    args = struct({f"repository-store:{key}": value for key, value in config.items()})
    servicer.Configure(provider_pb2.ConfigureRequest(args=args).SerializeToString(), connection)
    return connection


def test_each_connection_of_the_engine_has_its_own_configured_provider() -> None:
    servicer = Servicer()
    first = configured(servicer, Connection(1), initialPassword="first")
    second = configured(servicer, Connection(2))
    assert servicer.provider(first).is_managed
    assert not servicer.provider(second).is_managed
    assert servicer.provider(first) is servicer.provider(first)
    assert servicer.provider(Connection(3)) is servicer.provider(second)  # like after a lost connection


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (Rejected("repositories.x: the server has no such format"), "repositories.x: the server has no such format"),
        (ValueError("a fault of ours"), "ValueError: a fault of ours"),
    ],
)
def test_an_error_is_a_line_without_frames_and_former_errors(
    monkeypatch: pytest.MonkeyPatch, error: Exception, line: str
) -> None:
    def fail(*_: object) -> None:
        raise error from KeyError("before")

    monkeypatch.setattr(NexusProvider, "delete", fail)
    servicer = Servicer()
    connection = configured(servicer, Connection())
    assert servicer.Delete(provider_pb2.DeleteRequest(id="role x").SerializeToString(), connection) == b""
    assert (connection.code, connection.details) == (grpc.StatusCode.UNKNOWN, line)


def test_a_read_of_what_is_not_in_the_state_says_how_to_adopt_it() -> None:
    servicer = Servicer()
    connection = configured(servicer, Connection())
    servicer.Read(provider_pb2.ReadRequest(id="role x").SerializeToString(), connection)
    assert connection.details == advice.NO_IMPORT


def test_what_a_call_returns_has_the_class_of_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NexusProvider, "read", lambda _self, id_, props: ReadResult(id_, {"kind": "role"}, props))
    servicer = Servicer()
    connection = configured(servicer, Connection())
    request = provider_pb2.ReadRequest(id="role x", properties=struct({PROVIDER_KEY: "pickled", "kind": "old"}))
    answer: Any = provider_pb2.ReadResponse.FromString(servicer.Read(request.SerializeToString(), connection))
    assert dict(answer.properties) == {PROVIDER_KEY: "pickled", "kind": "role"}
    assert dict(answer.inputs) == {PROVIDER_KEY: "pickled", "kind": "old"}


def test_the_port_is_known_before_the_provider_is_loaded_and_garbage_collection_ends_with_it() -> None:
    steps: list[object] = []

    def load() -> Servicer:
        steps.append("loaded")
        assert gc.isenabled()
        return Servicer()

    try:
        serve(lambda port: steps.append(port > 0), load)
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert steps == [True, "loaded"]
