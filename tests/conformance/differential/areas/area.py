from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.conformance.differential.requesting import Step, Steps, asking, named, step
from tests.conformance.differential.values import Body


@dataclass(frozen=True)
class Area:
    """The random requests, the parts of the server that they change, and the requests before them.

    Only the random requests and the listings count as answers."""

    steps: Steps
    touched: tuple[str, ...]
    listed: tuple[str, ...] = ()
    before: tuple[Step, ...] = ()
    once: bool = False  # what comes before is made once, and stays for all sequences

    @property
    def looks(self) -> tuple[Step, ...]:
        """The requests that list the state after each sequence."""
        return tuple(step("GET", path) for path in self.listed or self.touched)


def objects(
    path: str,
    names: tuple[str, ...],
    make: Callable[[str], st.SearchStrategy[Body]],
    *,
    item: str | None = None,
    readable: bool = True,
) -> Steps:
    """Requests that create, read, change and delete objects of a collection."""
    one = item or path
    made = st.sampled_from(names).flatmap(make)
    ways = [
        asking("POST", path, made),
        asking("POST", path, made),
        st.sampled_from(names).flatmap(lambda name: asking("PUT", f"{one}/{name}", make(name))),
        asking("DELETE", named(one + "/{}", (*names, "nobody"))),
        asking("GET", path),
    ]
    if readable:
        ways.append(asking("GET", named(one + "/{}", (*names, "nobody"))))
    return st.one_of(ways)
