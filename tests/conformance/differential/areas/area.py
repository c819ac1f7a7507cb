from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.conformance.differential.requesting import Step, Steps, asking, named, step
from tests.conformance.differential.values import Body


@dataclass(frozen=True)
class Area:
    """The requests that are drawn, the parts of the server that they touch, and the requests that come first."""

    steps: Steps
    touched: tuple[str, ...]
    listed: tuple[str, ...] = ()
    before: tuple[Step, ...] = ()

    @property
    def looks(self) -> tuple[Step, ...]:
        """What is looked at after each sequence."""
        return tuple(step("GET", path) for path in self.listed or self.touched)


def objects(
    path: str,
    names: tuple[str, ...],
    make: Callable[[str], st.SearchStrategy[Body]],
    *,
    item: str | None = None,
    readable: bool = True,
) -> Steps:
    """The life of the objects of one collection."""
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
