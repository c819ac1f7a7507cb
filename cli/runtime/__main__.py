"""python -m cli.runtime [PROGRAM]: prints the ports of a language runtime and of the provider, for Pulumi to attach to.

Pulumi alone asks pip for all packages, then starts the program, and with --refresh the provider twice, one after the
other. Here both load their modules while Pulumi starts. Standard input says which process Pulumi is: all of it ends
with that one, or when nobody is left who could say.
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any

from cli.runtime import language, program, provider

_POLL_SECONDS = 0.2


def main(path: str = "") -> None:
    """Forks before a thread of gRPC's is there: the program's process, the provider's, and this one between."""
    output = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # which the provider watches where it is the engine's
    asking, asked = Pipe()
    if path:
        _in_child(program.serve, path, asked, asking)
    reading, writing = Pipe(duplex=False)
    _in_child(provider.serve, writing, asking)
    asked.close()
    writing.close()
    os.write(output, f"{language.serve(asking)} {reading.recv()}\n".encode())
    os.close(output)
    _end_with(int(sys.stdin.readline() or 0))


def _in_child(serve: Callable[..., None], *arguments: Any) -> None:
    if os.fork() == 0:
        try:
            serve(*arguments)
        except Exception:
            traceback.print_exc()
        os._exit(1)  # whatever threads there are


def _end_with(pulumi: int) -> None:
    from cli.stack.killed_pulumi import is_running  # not before the ports are known

    while pulumi and is_running(pulumi):
        time.sleep(_POLL_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
