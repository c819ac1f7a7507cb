"""The plugin that an engine starts: it prints its port, and ends with the engine."""

import os
import signal
import sys

import grpc

from nexus import advice
from nexus.plugin import engine
from nexus.plugin.server import serve
from nexus.plugin.servicer import Servicer


class Plugin(Servicer):
    """Also says what `pulumi destroy` leaves of a managed server."""

    def Configure(self, data: bytes, context: grpc.ServicerContext) -> bytes:
        answer = super().Configure(data, context)
        if self.provider(context).is_managed and engine.destroys():
            print(advice.PROTECTED, file=sys.stderr, flush=True)
        return answer


signal.signal(signal.SIGINT, signal.SIG_DFL)
serve(lambda port: print(port, flush=True), Plugin)
engine.wait_for_its_end()
os._exit(1)  # without waiting for threads
