"""python -m cli.runtime [PROGRAM]: prints the ports of a language runtime and of the provider, for Pulumi to attach to.

Pulumi alone asks pip for all packages, then starts the program, and with --refresh the provider twice, one after the
other. Here both load their modules while Pulumi starts. All of it ends as soon as nobody reads its standard output.
"""

import os
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any

from cli.runtime import language, program, provider
from nexus.engine_watch import end_with_engine


def main(path: str = "") -> None:
    """Forks before a thread of gRPC's is there: the program's process, the provider's, and this one between."""
    asking, asked = Pipe()
    if path:
        _in_child(program.serve, path, asked, asking)
    reading, writing = Pipe(duplex=False)
    _in_child(provider.serve, writing, asking)
    asked.close()
    writing.close()
    end_with_engine()
    os.write(1, f"{language.serve(asking)} {reading.recv()}\n".encode())
    threading.Event().wait()


def _in_child(serve: Callable[..., None], *arguments: Any) -> None:
    if os.fork() == 0:
        end_with_engine()
        try:
            serve(*arguments)
        except Exception:
            traceback.print_exc()
        os._exit(1)  # whatever threads there are


if __name__ == "__main__":
    main(*sys.argv[1:])
