"""What the SDK spends on each resource and nobody reads; with a thousand objects it is most of a preview."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi import log
from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2


def _unsaid(*_: Any, **__: Any) -> None:
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
    log.debug = _unsaid


def without_garbage_collection() -> None:
    """From here on this process frees what nobody refers to and looks for no cycles.

    A program is a graph of futures that lives to its end. Python walks all of it again and again as it grows, which
    for a thousand resources is two thirds of the program's time.
    """
    gc.disable()
