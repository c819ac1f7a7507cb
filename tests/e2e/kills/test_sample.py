"""Twenty of the kills of `make kill-matrix`: seven of a first up, seven of a down, six of an update."""

from collections.abc import Iterator

import pytest

from tests.e2e.kills.healing import STACK, Healing, Kill, hows, spread
from tests.e2e.store.small_store import small_stack

# The fewest steps that each command has for a store of one repository.
FIRST, CHANGE, DOWN = 60, 140, 130
HOW = hows()


@pytest.fixture(scope="module")
def healing() -> Iterator[Healing]:
    with small_stack(STACK) as store:
        yield Healing(store)


@pytest.fixture(scope="module")
def standing(healing: Healing) -> Healing:
    """A running store, as each kill of an update must leave it."""
    healing.store.make("up")
    return healing


@pytest.mark.parametrize(("up", "down"), list(zip(spread(7, FIRST), spread(7, DOWN), strict=True)))
def test_the_next_command_completes_a_killed_first_up_and_down(healing: Healing, up: int, down: int) -> None:
    assert healing.up(Kill("up", up, next(HOW))).was_killed
    assert healing.down(Kill("down", down, next(HOW))).was_killed


@pytest.mark.parametrize("step", spread(6, CHANGE))
def test_the_next_up_completes_a_killed_update(standing: Healing, step: int) -> None:
    standing.change()
    assert standing.up(Kill("up", step, next(HOW))).was_killed
