"""The language runtime that Pulumi gets with --client: it runs the program in a process of its own."""

import threading
from multiprocessing.connection import Connection

from nexus.plugin.server import listen


def serve(programs: Connection) -> int:
    """Passes RunRequests to the program's process, one at a time; returns the port."""
    lock = threading.Lock()

    def run(request: bytes, _context: object) -> bytes:
        with lock:
            programs.send_bytes(request)
            return programs.recv_bytes()

    def nothing(_request: bytes, _context: object) -> bytes:
        return b""  # a message with no field set

    # No plugins are listed: each resource names its plugin and version anyway.
    return listen("LanguageRuntime", {"Run": run, "GetRequiredPackages": nothing, "GetPluginInfo": nothing}, threads=4)
