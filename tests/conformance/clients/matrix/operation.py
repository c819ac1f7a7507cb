"""The rows of the matrix: each is named after its client and has the expected results by routing mode."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance.clients.world import World


@dataclass(frozen=True)
class Operation:
    name: str
    run: Callable[[World], None]
    seed: bool
    """Whether it works with the seed's rules."""
    path: bool = True
    """Whether it works with routing by path, where a few operations send ambiguous requests."""

    def works(self, routing: str) -> bool:
        return self.path if routing == "path" else self.seed


OPERATIONS: list[Operation] = []


def of_version(function: Callable[[World, str], None], version: str) -> Callable[[World], None]:
    """The operation for one version of its client."""
    return lambda world: function(world, version)


def operation(
    name: str, *, seed: bool = False, path: bool = True
) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    """Makes a row of the matrix from a function of the world.

    It raises Failed, an AssertionError or a RequestException if the operation fails; other errors are bugs of the test.
    """

    def register(function: Callable[[World], None]) -> Callable[[World], None]:
        OPERATIONS.append(Operation(name, function, seed, path))
        return function

    return register
