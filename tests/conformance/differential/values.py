"""Valid bodies, and bodies with wrong fields."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Body = dict[str, Any]
Place = tuple[str, ...]

LONG = "x" * 256
# Wrong values for fields of any type.
WRONG: tuple[Any, ...] = (
    None,
    "",
    " ",
    "nope",
    "ünï ☃",
    LONG,
    0,
    1,
    -1,
    5,
    1.7,
    99999,
    2**31,
    True,
    "true",
    "60",
    [],
    ["a"],
    [None],
    {},
    {"a": 1},
)
UNKNOWN = "unknownField"


def places(body: Body, prefix: Place = ()) -> Iterator[Place]:
    """The paths of all fields of a body, also of nested ones."""
    for name, value in body.items():
        yield (*prefix, name)
        if isinstance(value, dict):
            yield from places(value, (*prefix, name))


def changed(body: Body, place: Place, value: Any) -> Body:
    copied = copy.deepcopy(body)
    part = _part(copied, place)
    if part is not None:
        part[place[-1]] = value
    return copied


def without(body: Body, place: Place) -> Body:
    copied = copy.deepcopy(body)
    part = _part(copied, place)
    if part is not None:
        part.pop(place[-1], None)
    return copied


def _part(body: Body, place: Place) -> Body | None:
    """The object with the field; None if an earlier change removed it."""
    for name in place[:-1]:
        found = body.get(name)
        if not isinstance(found, dict):
            return None
        body = found
    return body


@st.composite
def spoilt(draw: st.DrawFn, body: Body, keep: frozenset[Place] = frozenset()) -> Any:
    """The unchanged body in three of five cases, else one or two fields are missing, wrong or unknown.

    Fields in `keep` stay: wrong values of theirs would damage a real server.
    """
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 1, 2)))):
        known = [place for place in places(body) if place not in keep]
        kind = draw(st.sampled_from(("missing", "wrong", "wrong", "wrong", "unknown")))
        if kind == "unknown" or not known:
            body = {**body, UNKNOWN: draw(st.sampled_from(WRONG))}
            continue
        place = draw(st.sampled_from(known))
        body = without(body, place) if kind == "missing" else changed(body, place, draw(st.sampled_from(WRONG)))
    return body


def either(*bodies: Body) -> st.SearchStrategy[Body]:
    return st.sampled_from(bodies)
