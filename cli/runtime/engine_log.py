"""Sends what the program and the provider print to the engine, which reads the output only of its own children."""

import io
import sys
import threading

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


class EngineLog(io.TextIOBase):
    """A stream that sends each line to the engine as a message."""

    def __init__(self, engine: engine_pb2_grpc.EngineStub) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._lock:
            *lines, self._rest = (self._rest + text).split("\n")
            for line in lines:
                self._engine.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=line))
        return len(text)


def to_engine(address: str) -> None:
    """Redirects the output of this process to the engine at the address."""
    sys.stdout = sys.stderr = EngineLog(engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)))
