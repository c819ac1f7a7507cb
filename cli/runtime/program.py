"""Runs the program for each request, in a fork of a process that has loaded its modules."""

import ast
import asyncio
import contextlib
import importlib
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_REASON_WAS_SHOWN = 32
"""The exit code of a program that has already shown its error to the user."""


def serve(path: str, requests: Connection, other_end: Connection) -> None:
    """Answers RunRequests with RunResponses until the other end is closed."""
    other_end.close()
    sys.path.insert(0, str(Path(path).parent))
    load(Path(path))
    import nexus.plugin.engine  # noqa: F401 - loaded here for the forked processes

    with contextlib.suppress(EOFError):
        while True:
            requests.send_bytes(_in_child(path, requests.recv_bytes()))


def load(path: Path) -> None:
    """Loads the modules from which the program imports names. If one fails, the program reports it when it runs."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom):
            with contextlib.suppress(Exception):
                importlib.import_module(str(statement.module))


def _in_child(path: str, request: bytes) -> bytes:
    """Runs the program in a fork, since a run leaves its settings in the SDK's modules."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writing, "wb") as file:
            file.write(response(path, request))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        answer = file.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == _REASON_WAS_SHOWN:  # the policies refused an `up`
        return _shown()
    return answer if status == 0 else _failed(f"the program ended with status {status}")


def response(path: str, data: bytes) -> bytes:
    """Runs the program in this process, as the SDK's language host does."""
    from pulumi import runtime
    from pulumi.runtime.proto import language_pb2

    from nexus.plugin.engine import to_engine

    request: Any = language_pb2.RunRequest.FromString(data)
    engine = request.args[0]
    to_engine(engine)
    runtime.set_all_config(dict(request.config), list(request.configSecretKeys))
    runtime.configure(
        runtime.Settings(
            monitor=request.monitor_address,
            engine=engine,
            project=request.project,
            stack=request.stack,
            parallel=request.parallel,
            dry_run=request.dryRun,
            organization=request.organization,
        )
    )
    return _run(path, max(request.parallel, 1))


def _run(path: str, threads: int) -> bytes:
    import pulumi

    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a program that failed leaves futures behind
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(threads))

    def program() -> None:
        runpy.run_path(path, run_name="__main__")

    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except SystemExit as ended:
        if ended.code:
            return _shown() if ended.code == _REASON_WAS_SHOWN else _failed(f"the program ended with {ended.code}")
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return _shown()
    except Exception as error:
        pulumi.log.error(f"Program failed with an unhandled exception:\n{_from_program(path, error)}")
        return _shown()
    return b""


def _from_program(path: str, error: Exception) -> str:
    """The traceback, starting with the program's first frame."""
    frames = traceback.extract_tb(error.__traceback__)
    first = next((number for number, frame in enumerate(frames) if os.path.abspath(frame.filename) == path), 0)
    return "".join(traceback.format_exception(error, limit=first - len(frames)))


def _shown() -> bytes:
    from pulumi.runtime.proto import language_pb2

    return bytes(language_pb2.RunResponse(bail=True).SerializeToString())


def _failed(reason: str) -> bytes:
    from pulumi.runtime.proto import language_pb2

    return bytes(language_pb2.RunResponse(error=reason).SerializeToString())
