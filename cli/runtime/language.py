"""The language runtime that Pulumi is told of with --client: it has the program run in a process of its own."""

import threading
from multiprocessing.connection import Connection

from cli.runtime.grpc_server import listen


def serve(programs: Connection) -> int:
    """Passes RunRequests on, one at a time; returns the port."""
    lock = threading.Lock()

    def run(request: bytes, _context: object) -> bytes:
        with lock:
            programs.send_bytes(request)
            return programs.recv_bytes()

    def nothing(_request: bytes, _context: object) -> bytes:
        return b""  # a message with no field set

    # Which plugins are needed, and in which version, each resource says too.
    return listen("LanguageRuntime", {"Run": run, "GetRequiredPackages": nothing, "GetPluginInfo": nothing}, threads=4)
