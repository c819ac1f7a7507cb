"""python -m cli.runtime [PROGRAM]: prints the ports of a language runtime and of the provider, for Pulumi to attach to.

On its own Pulumi lists all packages with pip, then starts the program, and with --refresh the provider twice, one after
the other. Here both load their modules while Pulumi starts. Pulumi's process id comes on standard input: all processes
here end when that one does, or when standard input is closed without an id.
"""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from cli.runtime import language, program
from nexus.plugin import server

_POLL_SECONDS = 0.2


def main(path: str = "") -> None:
    """Forks one process for the program and one for the provider, before gRPC starts threads in this one."""
    output = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # only the ports are printed to the command
    asking, asked = Pipe()
    if path:
        _in_child(program.serve, path, asked, asking)
    reading, writing = Pipe(duplex=False)
    _in_child(_provide, writing, asking)
    asked.close()
    writing.close()
    os.write(output, f"{language.serve(asking)} {reading.recv()}\n".encode())
    os.close(output)
    _end_with(int(sys.stdin.readline() or 0))


def _provide(port: Connection, other_end: Connection) -> None:
    other_end.close()
    server.serve(port.send, _servicer)
    threading.Event().wait()


def _servicer() -> object:
    from nexus.plugin.servicer import Servicer  # loaded once the port is sent

    return Servicer()


def _in_child(serve: Callable[..., None], *arguments: Any) -> None:
    if os.fork() == 0:
        try:
            serve(*arguments)
        except Exception:
            traceback.print_exc()
        os._exit(1)  # without waiting for threads


def _end_with(pulumi: int) -> None:
    from cli.process import is_running  # loaded once the ports are printed

    while pulumi and is_running(pulumi):
        time.sleep(_POLL_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
