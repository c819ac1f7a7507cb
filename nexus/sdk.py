"""What the SDK does for each resource without need; with a thousand objects it is most of a preview."""

import asyncio
import gc
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from pulumi import log
from pulumi.dynamic import dynamic
from pulumi.runtime import resource, settings, stack
from pulumi.runtime.proto import source_pb2

from nexus.errors import NexusError


def _ignored(*_: Any, **__: Any) -> None:
    """Debug messages: four requests to the engine for each resource, which it throws away without `--debug`."""


@contextmanager
def without_positions() -> Iterator[None]:
    """Resources that are declared inside have no source position.

    The SDK sends where in the program each was made, seventeen frames deep: half of an object's state, the same few
    lines a thousand times over.
    """
    usual = resource._get_stack_trace
    resource._get_stack_trace = source_pb2.StackTrace
    try:
        yield
    finally:
        resource._get_stack_trace = usual


def without_debug_messages() -> None:
    """From here on the SDK keeps its debug messages to itself."""
    log.debug = _ignored


def without_garbage_collection() -> None:
    """From here on this process frees what is no longer referred to and looks for no cycles.

    A program is a graph of futures that lives to its end. Python walks all of it again and again as it grows, which
    for a thousand resources is two thirds of the program's time.
    """
    gc.disable()


def with_one_wait() -> None:
    """From here on the end of this program is waited for once and not once for each resource.

    The SDK waits for the first of all outputs that are left, and then for the first of those that are left then: for a
    thousand resources that is half a million looks at an output, and a third of the program's time.
    """
    stack.wait_for_rpcs = _settled


_wait_for_rpcs = stack.wait_for_rpcs


async def _settled(await_all_outstanding_tasks: bool = True) -> None:
    """Waits until all is done or something has failed, which the SDK's own wait then finds and raises."""
    while (outstanding := _outstanding()) and not any(map(_has_failed, outstanding)):
        await asyncio.wait(outstanding, return_when=asyncio.FIRST_EXCEPTION)
    await _wait_for_rpcs(await_all_outstanding_tasks)


def _outstanding() -> list[asyncio.Future[Any]]:
    """What is not done or has failed: the calls to the engine and the outputs."""
    with settings.SETTINGS.lock:
        calls = cast(list[asyncio.Future[Any]], settings._get_rpc_manager().rpcs)
        return [each for each in (*calls, *settings.SETTINGS.outputs) if not each.done() or _has_failed(each)]


def _has_failed(each: asyncio.Future[Any]) -> bool:
    return each.done() and (each.cancelled() or each.exception() is not None)


def with_one_serialization() -> None:
    """From here on a provider is pickled once and not for each of its resources."""
    dynamic.serialize_provider = _serialized


_serialized = cache(dynamic.serialize_provider)


def with_plain_errors() -> None:
    """From here on an operation that fails says the error's own line, without the class and what was handled before.

    The SDK sends the engine a formatted traceback.
    """
    traceback.format_exc = _plainly


def _plainly(*_: Any, **__: Any) -> str:
    error = sys.exception()
    if isinstance(error, NexusError):
        return str(error)
    return "".join(traceback.format_exception_only(error)).strip() if error else ""
