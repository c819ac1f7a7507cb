"""Any mistake in a topology is refused readably before the first request, never with a traceback."""

import copy
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from tests.integration.provider.samples import everything_else
from tests.support.versions import NEWEST

STACKS = Path(__file__).parents[3] / "stacks"
WHOLE = {"hostname": "nexus.domain.org", "nexus": {"generation": NEWEST}, **everything_else()}
WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**12, 1.5, "", " ", "nobody", "ALLOW", "10GiB", "*", "ö/\n", [], [None], ["nobody"],
    ["a", "a"], {}, {"nobody": 1}, {"format": "raw"}, [{}],
)  # fmt: skip


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [at] if at and at[0] not in ("hostname", "passwords") else []
    for key, child in children:
        found += paths(child, (*at, key))
    return found


PATHS = paths(WHOLE)


def mutated(path: tuple[Any, ...], how: str, value: Any) -> dict[str, Any]:
    whole = copy.deepcopy(WHOLE)
    parent: Any = whole
    for key in path[:-1]:
        parent = parent[key]
    if how == "missing":
        del parent[path[-1]]
    elif how == "unknown" and isinstance(parent, dict):
        parent["unknownKey"] = value
    else:
        parent[path[-1]] = value
    return whole


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from(PATHS), st.sampled_from(["missing", "unknown", "wrong"]), st.sampled_from(WRONG)),
        min_size=1,
        max_size=1,
    )
)
def test_a_mutation_is_accepted_or_refused_in_readable_lines(mutations: list[Any]) -> None:
    ((path, how, value),) = mutations
    given_ = mutated(path, how, value)
    try:
        Settings.of(given_, STACKS)
    except Refusal as refusal:
        for line in str(refusal).split("\n"):
            assert "allowed " in line, line
            assert ". Fix: " in line, line
            assert "Traceback" not in line
            assert "secret" not in line.replace("missing secret", "").replace("a secret of", "").replace(
                "--secret", ""
            ), line


def test_the_unmutated_topology_is_correct() -> None:
    assert Settings.of(WHOLE, STACKS).topology.tasks
