"""Turns off work that the SDK repeats for each resource; with a thousand objects it is most of a preview's time."""

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

_resource = cast(Any, resource)
_rpc = cast(Any, rpc)


def _ignored(*_: Any, **__: Any) -> None:
    """Drops debug messages: four requests for each resource, which the engine discards without `--debug`."""


@contextmanager
def without_positions() -> Iterator[None]:
    """Resources that are created inside this context have no source position.

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
    """Resources that are created inside this context have a URN and an id, but no properties as outputs.

    The SDK creates four futures and a task for each property of each resource.
    """
    usual = _rpc.transfer_properties
    _rpc.transfer_properties = lambda *_: {}
    try:
        yield
    finally:
        _rpc.transfer_properties = usual


def without_output_resolution() -> None:
    """From here on the SDK does not read the engine's response for resources without outputs.

    It also no longer computes the URN of a dynamic resource itself, which it needs only without an engine.
    """
    _rpc.resolve_outputs = _resolved
    _resource.create_urn = _urn


def _resolved(res: Any, inputs: Any, outputs: Any, deps: Any, resolvers: Any, *rest: Any, **options: Any) -> None:
    if resolvers:
        _resolve_outputs(res, inputs, outputs, deps, resolvers, *rest, **options)


def _urn(name: Any, type_: Any, *rest: Any) -> Any:
    is_dynamic = isinstance(type_, str) and type_.startswith("pulumi-python:dynamic")
    return _NoUrn() if is_dynamic else _create_urn(name, type_, *rest)


class _NoUrn:
    async def future(self) -> None:
        """Takes the place of `Output.future`."""


_resolve_outputs = rpc.resolve_outputs
_create_urn = resource.create_urn


def without_debug_messages() -> None:
    """From here on the SDK sends no debug messages."""
    log.debug = _ignored


def without_garbage_collection() -> None:
    """From here on Python does not look for reference cycles in this process.

    A program is a graph of futures that lives until it ends. Python traverses all of it again and again as it grows,
    which for a thousand resources takes two thirds of the program's time.
    """
    gc.disable()


def with_one_wait() -> None:
    """From here on the SDK waits for the end of the program once instead of once for each resource.

    It would wait for the first of all pending outputs, then for the first of the remaining ones, and so on: for a
    thousand resources, half a million checks of an output and a third of the program's time.
    """
    stack.wait_for_rpcs = _settled


_wait_for_rpcs = stack.wait_for_rpcs


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


def with_one_serialization() -> None:
    """From here on a provider is pickled once instead of for each of its resources."""
    dynamic.serialize_provider = _serialized


_serialized = cache(dynamic.serialize_provider)
