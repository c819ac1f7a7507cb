"""The calls of Pulumi's provider protocol, answered by the provider of Nexus's objects."""

import traceback
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from nexus import advice
from nexus.errors import NexusError
from nexus.plugin.engine import to_engine
from nexus.plugin.messages import message, values
from nexus.provider import NexusProvider

_EMPTY = b""
Props = dict[str, Any]
Method = Callable[["Servicer", Any, NexusProvider], Any]


def _call(request: Any) -> Callable[[Method], Callable[["Servicer", bytes, grpc.ServicerContext], bytes]]:
    """Wraps a method so that it takes its request and returns its response as bytes."""

    def decorated(method: Method) -> Callable[["Servicer", bytes, grpc.ServicerContext], bytes]:
        def answer(self: "Servicer", data: bytes, context: grpc.ServicerContext) -> bytes:
            try:
                return bytes(method(self, request.FromString(data), self.provider(context)).SerializeToString())
            except Exception as error:
                context.set_code(grpc.StatusCode.UNKNOWN)
                context.set_details(_line(error))
                return _EMPTY

        return answer

    return decorated


class Servicer:
    """Like `pulumi.dynamic.__main__`, but for one class of providers, and an error is a line instead of a traceback.

    Each connection of the engine has an instance of its own: one for a refresh, one for the rest.
    """

    def __init__(self) -> None:
        self._of_connection: dict[str, NexusProvider] = {}
        self._latest: NexusProvider | None = None

    def provider(self, context: grpc.ServicerContext) -> NexusProvider:
        """The connection's provider; the latest one if the engine has reconnected."""
        found = self._of_connection.get(context.peer(), self._latest)
        if found is None:
            raise RuntimeError("the engine has not configured the provider")
        return found

    def Attach(self, data: bytes, _context: grpc.ServicerContext) -> bytes:
        to_engine(plugin_pb2.PluginAttach.FromString(data).address)
        return _EMPTY

    def GetPluginInfo(self, _data: bytes, _context: grpc.ServicerContext) -> bytes:
        return _EMPTY

    def Cancel(self, _data: bytes, _context: grpc.ServicerContext) -> bytes:
        return _EMPTY

    def Configure(self, data: bytes, context: grpc.ServicerContext) -> bytes:
        request: Any = provider_pb2.ConfigureRequest.FromString(data)
        given = {key: rpc.unwrap_rpc_secret(value) for key, value in values(request.args).items()}
        project = next((key.partition(":")[0] for key in given if ":" in key), "")
        provider = NexusProvider()
        provider.configure(ConfigureRequest(Config(given, project)))
        self._of_connection[context.peer()] = self._latest = provider
        return _EMPTY

    @_call(provider_pb2.CheckRequest)
    def Check(self, request: Any, provider: NexusProvider) -> Any:
        news = values(request.news, keep_unknowns=True)
        result = provider.check(values(request.olds, keep_unknowns=True), news)
        failures = [provider_pb2.CheckFailure(property=each.property, reason=each.reason) for each in result.failures]
        return provider_pb2.CheckResponse(inputs=_struct(result.inputs, news), failures=failures)

    @_call(provider_pb2.DiffRequest)
    def Diff(self, request: Any, provider: NexusProvider) -> Any:
        olds = values(request.olds, keep_unknowns=True)
        result = provider.diff(request.id, olds, values(request.news, keep_unknowns=True))
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if result.changes else provider_pb2.DiffResponse.DIFF_NONE,
            replaces=result.replaces or [],
            deleteBeforeReplace=bool(result.delete_before_replace),
        )

    @_call(provider_pb2.CreateRequest)
    def Create(self, request: Any, provider: NexusProvider) -> Any:
        props = values(request.properties)
        result = provider.create(props)
        return provider_pb2.CreateResponse(id=result.id, properties=_struct(result.outs or {}, props))

    @_call(provider_pb2.ReadRequest)
    def Read(self, request: Any, provider: NexusProvider) -> Any:
        props = values(request.properties)
        if PROVIDER_KEY not in props:
            raise NexusError(advice.NO_IMPORT)
        result = provider.read(request.id, props)
        inputs = None if result.inputs is None else _struct(result.inputs, props)
        return provider_pb2.ReadResponse(id=result.id or "", properties=_struct(result.outs, props), inputs=inputs)

    @_call(provider_pb2.UpdateRequest)
    def Update(self, request: Any, provider: NexusProvider) -> Any:
        news = values(request.news)
        result = provider.update(request.id, values(request.olds), news)
        return provider_pb2.UpdateResponse(properties=_struct(result.outs or {}, news))

    @_call(provider_pb2.DeleteRequest)
    def Delete(self, request: Any, provider: NexusProvider) -> Any:
        provider.delete(request.id, values(request.properties))
        return empty_pb2.Empty()


def _line(error: Exception) -> str:
    """What a person reads of an error: that of Nexus speaks for itself, any other is ours and has its class."""
    return str(error) if isinstance(error, NexusError) else "".join(traceback.format_exception_only(error)).strip()


def _struct(properties: Any, given: Props) -> Any:
    """The message, with the provider's class, which the SDK stores in every object."""
    return message({**properties, PROVIDER_KEY: given[PROVIDER_KEY]})
