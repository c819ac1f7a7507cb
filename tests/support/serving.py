"""HTTP servers inside a test's own process."""

import threading
from http.server import BaseHTTPRequestHandler
from socketserver import BaseServer
from typing import Any


class SilentHandler(BaseHTTPRequestHandler):
    """Logs nothing, and sends a body without waiting 40 ms for the ACK of its head."""

    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Logs nothing."""


def serve(server: BaseServer) -> None:
    """Serves in a thread until `stop`, which takes 20 ms; by default it would take up to half a second."""
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()


def stop(server: BaseServer) -> None:
    server.shutdown()
    server.server_close()
