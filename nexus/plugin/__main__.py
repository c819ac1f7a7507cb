"""The SDK's dynamic provider, with one line about what it cannot do instead of a traceback or a wrong advice."""

import runpy
import sys
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from nexus.plugin.engine import destroys

_PROVIDER_KEY = "__provider"
_NO_IMPORT = (
    "pulumi import: it cannot import an object of Nexus. "
    "Fix: declare it in the stack file with adopt: true, then pulumi up"
)
_PROTECTED = (
    "the data volume with everything that is stored is protected, and pulumi destroy does not remove it. "
    "Fix: make down STACK=NAME, which asks before it removes content"
)
_add = provider_pb2_grpc.add_ResourceProviderServicer_to_server


def _add_plain(servicer: Any, server: Any) -> None:
    read, configure = servicer.Read, servicer.Configure

    def read_declared(request: Any, context: Any) -> Any:
        if _PROVIDER_KEY not in request.properties.fields:
            context.abort(grpc.StatusCode.UNKNOWN, _NO_IMPORT)
        return read(request, context)

    def configured(request: Any, context: Any) -> Any:
        answer = configure(request, context)
        config = servicer._config
        if any(key.endswith(":initialPassword") and value for key, value in config.items()) and destroys():
            print(_PROTECTED, file=sys.stderr, flush=True)
        return answer

    servicer.Read, servicer.Configure = read_declared, configured
    _add(servicer, server)


provider_pb2_grpc.add_ResourceProviderServicer_to_server = _add_plain
runpy.run_module("pulumi.dynamic", run_name="__main__")
