"""The rows of the matrix. Each is named after its client, and says whether the seed's rules let it through."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance.clients.world import World


@dataclass(frozen=True)
class Operation:
    name: str
    run: Callable[[World], None]
    seed: bool
    """Whether it works by the seed's rules."""
    path: bool = True
    """Whether it works by path; what does not is one of those whose requests mean two things."""

    def works(self, routing: str) -> bool:
        return self.path if routing == "path" else self.seed


OPERATIONS: list[Operation] = []


def of_version(function: Callable[[World, str], None], version: str) -> Callable[[World], None]:
    """The operation with one version of its client."""
    return lambda world: function(world, version)


def operation(
    name: str, *, seed: bool = False, path: bool = True
) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    """Makes a row of the matrix of a function, which is handed the world.

    It raises Failed, an AssertionError or a RequestException when the operation fails; anything else is its own fault.
    """

    def register(function: Callable[[World], None]) -> Callable[[World], None]:
        OPERATIONS.append(Operation(name, function, seed, path))
        return function

    return register
