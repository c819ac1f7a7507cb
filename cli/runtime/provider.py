"""Serves the provider of Nexus's objects to the engine, like the SDK's `pulumi.dynamic`."""

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from cli.runtime.grpc_server import listen

THREADS = 10
CALLS = ("Attach", "Configure", "Check", "Diff", "Create", "Read", "Update", "Delete", "Cancel", "GetPluginInfo")


def serve(port: Connection, other_end: Connection) -> None:
    """Sends the port, then loads the provider; calls wait until it is loaded."""
    other_end.close()
    is_loaded = threading.Event()
    servicers: list[Any] = []

    def call(name: str) -> Callable[[bytes, Any], bytes]:
        def answer(request: bytes, context: Any) -> bytes:
            is_loaded.wait()
            return bytes(getattr(servicers[0], name)(request, context))

        return answer

    port.send(listen("ResourceProvider", {name: call(name) for name in CALLS}, THREADS))
    from cli.runtime.servicer import Servicer

    servicers.append(Servicer())
    is_loaded.set()
    threading.Event().wait()
