"""Turns off work that the SDK repeats for each resource; with a thousand objects it is most of a preview's time.

The figures are CPU time of the program for each of 1,000 raw repositories, with everything else here in place: it takes
0.8 ms, and 5.6 ms as the SDK does it (Pulumi 3.259.0, an engine that answers at once).
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from pulumi import log
from pulumi.dynamic import dynamic
from pulumi.runtime import resource, rpc, settings, stack
from pulumi.runtime.proto import source_pb2

_create_urn = resource.create_urn
_serialized = cache(dynamic.serialize_provider)
_wait_for_rpcs = stack.wait_for_rpcs


@contextmanager
def without_positions() -> Iterator[None]:
    """Resources that are created inside this context have no source position: 0.6 ms.

    The SDK sends a stack trace of seventeen frames with each: half of an object's state, the same few lines a thousand
    times.
    """
    usual = resource._get_stack_trace
    resource._get_stack_trace = source_pb2.StackTrace
    try:
        yield
    finally:
        resource._get_stack_trace = usual


@contextmanager
def without_outputs() -> Iterator[None]:
    """Resources that are created inside this context have a URN and an id, but no properties as outputs: 0.3 ms.

    The SDK creates four futures and a task for each property of each resource.
    """
    usual = rpc.transfer_properties
    cast(Any, rpc).transfer_properties = lambda *_: {}
    try:
        yield
    finally:
        rpc.transfer_properties = usual


def without_repeated_work() -> None:
    """From here on this process leaves out what nobody reads, and does once what is always the same."""
    _without_debug_messages()
    _without_urns()
    _without_garbage_collection()
    _with_one_serialization()
    _with_one_wait()


def _without_debug_messages() -> None:
    """1.9 ms: four requests for each resource, with messages that the engine discards without `--debug`."""
    log.debug = _ignored


def _ignored(*_: Any, **__: Any) -> None: ...


def _without_urns() -> None:
    """0.3 ms: the SDK computes the URN of each resource itself, which it needs only without an engine."""
    cast(Any, resource).create_urn = _urn


def _urn(name: Any, type_: Any, *rest: Any) -> Any:
    is_dynamic = isinstance(type_, str) and type_.startswith("pulumi-python:dynamic")
    return _NoUrn() if is_dynamic else _create_urn(name, type_, *rest)


class _NoUrn:
    async def future(self) -> None:
        """Takes the place of `Output.future`."""


def _without_garbage_collection() -> None:
    """0.1 ms, and more with more objects: Python looks for reference cycles again and again in all there is.

    A program is a graph of futures that lives until it ends.
    """
    gc.disable()


def _with_one_serialization() -> None:
    """0.1 ms: the SDK pickles the provider for each of its resources."""
    dynamic.serialize_provider = _serialized


def _with_one_wait() -> None:
    """1.4 ms with Pulumi's own engine, none with one that answers at once: the SDK waits for each output in turn.

    That is, for the first of all pending ones, then for the first of the remaining ones, and so on: for a thousand
    resources, half a million checks of an output.
    """
    stack.wait_for_rpcs = _settled


async def _settled(await_all_outstanding_tasks: bool = True) -> None:
    """Waits until everything is done or something has failed; the SDK's own wait then raises the error."""
    while (outstanding := _outstanding()) and not any(map(_has_failed, outstanding)):
        await asyncio.wait(outstanding, return_when=asyncio.FIRST_EXCEPTION)
    await _wait_for_rpcs(await_all_outstanding_tasks)


def _outstanding() -> list[asyncio.Future[Any]]:
    """The calls to the engine and the outputs that are pending or have failed."""
    with settings.SETTINGS.lock:
        calls = cast(list[asyncio.Future[Any]], settings._get_rpc_manager().rpcs)
        return [each for each in (*calls, *settings.SETTINGS.outputs) if not each.done() or _has_failed(each)]


def _has_failed(each: asyncio.Future[Any]) -> bool:
    return each.done() and (each.cancelled() or each.exception() is not None)
