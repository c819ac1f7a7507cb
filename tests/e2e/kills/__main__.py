"""python -m tests.e2e.kills [EVERY [FROM]]: kills at every step of a first up, an update and a down."""

import sys
from collections.abc import Callable
from itertools import zip_longest

from tests.e2e.kills.healing import STACK, Healing, Kill, NotHealed, hows
from tests.e2e.store.small_store import small_stack


def main(every: int = 1, begin: int = 1) -> int:
    """Prints each kill and whether the store recovered; returns 0 if it always did."""
    failures: list[str] = []
    with small_stack(STACK) as store:
        healing, how = Healing(store), hows()
        first, change, down = _counts(healing)
        print(f"steps: {first} of a first up, {change} of an update, {down} of a down", flush=True)

        def tried(kill: Kill, heal: Callable[[Kill], object]) -> None:
            try:
                heal(kill)
                print(f"healed: {kill}", flush=True)
            except NotHealed as failure:
                failures.append(str(kill))
                print(f"NOT HEALED: {failure}", flush=True)

        for up, away in zip_longest(range(begin, first + 1, every), range(begin, down + 1, every)):
            tried(Kill("up", up or first, next(how)), healing.up)
            tried(Kill("down", away or down, next(how)), healing.down)
        store.make("up")
        for step in range(begin, change + 1, every):
            healing.change()
            tried(Kill("up", step, next(how)), healing.up)
    print(f"{len(failures)} of the kills did not heal{': ' if failures else ''}{'; '.join(failures)}")
    return 1 if failures else 0


def _counts(healing: Healing) -> tuple[int, int, int]:
    first = healing.count("up")
    healing.change()
    change = healing.count("up")
    return first, change, healing.count("down")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
