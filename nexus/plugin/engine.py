"""Pulumi's engine, as a process that serves it sees it: its command, its end, and the output that it shows."""

import io
import os
import select
import sys
import threading
from pathlib import Path

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_DESTROY = frozenset({b"destroy", b"down", b"dn"})
_STANDARD_OUTPUT = 1


def destroys() -> bool:
    """Whether the parent process is a `pulumi destroy`. No call of the provider protocol tells it."""
    try:
        words = Path(f"/proc/{os.getppid()}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return bool(_DESTROY.intersection(words[1:]))


def wait_for_its_end() -> None:
    """Returns as soon as nobody reads this process's standard output any more.

    The engine that started the process reads it as long as it runs. A killed engine does not notify its providers, and
    each would stay behind for good with its 75 MB.
    """
    poll = select.poll()
    poll.register(_STANDARD_OUTPUT, 0)  # a closed pipe is reported without being asked for
    poll.poll()


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
    """Redirects the output of this process to the engine at the address, which reads only its own children's output."""
    sys.stdout = sys.stderr = EngineLog(engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)))
