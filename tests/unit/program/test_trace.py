"""How many of our files and functions one declared object crosses, from the stack file to its first request.

Counted are the named functions of the product that Python calls, in all threads, each once: not what runs at import,
nor lambdas and comprehensions, which belong to the function around them. `crossed` is the whole way. `own` is the part
of it that the stack does not cross without the object: it reads its settings, logs in and asks the server anyway. The
limit for `own` is 25 files and 100 functions. `pytest -s` prints them.
"""

import os
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import pytest

from policy.without_store import PACK
from tests.unit.program.forks import printed

EMPTY = {"nexus": {"url": "https://nexus.domain.org"}, "passwords": {"admin": "x", "bob": "y"}}
REPOSITORY = {"repositories": {"tools": {"format": "raw", "type": "hosted"}}}
BOB = {"firstName": "Bob", "lastName": "B", "emailAddress": "bob@domain.org", "roles": ["nx-anonymous"]}
USER = {"users": {"bob": BOB}}


class Count(NamedTuple):
    files: int
    functions: int

    @classmethod
    def of(cls, crossed: Iterable[str]) -> "Count":
        lines = set(crossed)
        return cls(len({line.partition(" ")[0] for line in lines}), len(lines))


class Case(NamedTuple):
    objects: dict[str, Any]
    kind: str
    name: str
    before: dict[str, Any] | None
    request: str
    crossed: Count
    own: Count


# The counts may fall, and are then lowered here; they must not rise.
CASES = {
    "a new repository": Case(
        REPOSITORY, "repository", "tools", None, "POST /v1/repositories/raw/hosted", Count(64, 258), Count(25, 80)
    ),
    "a changed repository": Case(
        REPOSITORY,
        "repository",
        "tools",
        {"online": False},
        "PUT /v1/repositories/raw/hosted/tools",
        Count(64, 276),
        Count(24, 100),
    ),
    "a new user": Case(USER, "user", "bob", None, "POST /v1/security/users", Count(63, 243), Count(24, 65)),
    "a changed user": Case(
        USER, "user", "bob", {"lastName": "C"}, "PUT /v1/security/users/bob", Count(63, 258), Count(23, 82)
    ),
}


def traced(objects: dict[str, Any], kind: str, name: str, before: dict[str, Any] | None) -> list[str]:
    """The request, and the functions before it."""
    given = {"config": {**EMPTY, **objects}, "kind": kind, "name": name, "before": before}
    return printed("tests.unit.program.tracing", given, {**os.environ, PACK: "pack"}).splitlines()


@cache
def without_objects() -> frozenset[str]:
    """What a stack without objects crosses: its inventory is created, which asks the server but changes nothing."""
    request, *crossed = traced({}, "hostedRepositories", "hosted", None)
    assert not request
    return frozenset(crossed)


@pytest.mark.parametrize("name", CASES)
def test_no_object_crosses_more_of_our_code(name: str) -> None:
    case = CASES[name]
    request, *crossed = traced(case.objects, case.kind, case.name, case.before)
    own = frozenset(crossed) - without_objects()
    print(f"\n{name}: crossed {Count.of(crossed)}, own {Count.of(own)}", *sorted(own), sep="\n  ")
    assert request == case.request
    for found, most in ((Count.of(crossed), case.crossed), (Count.of(own), case.own)):
        assert found.files <= most.files
        assert found.functions <= most.functions
