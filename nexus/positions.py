"""Keeps the stack traces of the program out of the state.

The SDK sends where in the program each resource was made, seventeen frames deep: more than half of an object's state,
and a tenth of the time that declaring it takes. All objects of a server come from the same few lines.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2


@contextmanager
def without_positions() -> Iterator[None]:
    """Resources that are declared inside have no source position."""
    usual = resource._get_stack_trace
    resource._get_stack_trace = source_pb2.StackTrace
    try:
        yield
    finally:
        resource._get_stack_trace = usual
