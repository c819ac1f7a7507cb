"""A gRPC server on loopback that handles messages as bytes, so that it listens before their modules are loaded."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import grpc

Call = Callable[[bytes, grpc.ServicerContext], bytes]

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
