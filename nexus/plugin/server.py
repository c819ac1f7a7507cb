"""A gRPC server on loopback that handles messages as bytes, so that it listens before their modules are loaded."""

import gc
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

Call = Callable[[bytes, grpc.ServicerContext], bytes]

THREADS = 10
CALLS = ("Attach", "Configure", "Check", "Diff", "Create", "Read", "Update", "Delete", "Cancel", "GetPluginInfo")
_OPTIONS = [  # the SDK's, except that no other process may share the port
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.server_max_unrequested_time_in_server", 30 * 60),
    ("grpc.so_reuseport", 0),
]
_servers: list[grpc.Server] = []  # a server without references would stop


def listen(service: str, calls: Mapping[str, Call], threads: int) -> int:
    """Serves the calls until the process ends; returns the port. Other calls are answered as unimplemented."""
    server = grpc.server(ThreadPoolExecutor(threads), options=_OPTIONS)
    handlers = {name: grpc.unary_unary_rpc_method_handler(call) for name, call in calls.items()}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(f"pulumirpc.{service}", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    _servers.append(server)
    return int(port)


def serve(announce: Callable[[int], object], servicer: Callable[[], Any]) -> None:
    """Announces the provider's port, then makes its servicer; calls wait until it is made.

    From then on Python looks for reference cycles no more, which for a thousand objects took half a second of CPU.
    """
    is_made = threading.Event()
    made: list[Any] = []

    def call(name: str) -> Call:
        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            is_made.wait()
            return bytes(getattr(made[0], name)(request, context))

        return answer

    announce(listen("ResourceProvider", {name: call(name) for name in CALLS}, THREADS))
    made.append(servicer())
    gc.disable()
    is_made.set()
