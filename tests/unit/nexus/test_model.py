"""Comparing what is wanted with what is there."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nexus import model

LEAVES = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5)
KEYS = st.text("abc", min_size=1, max_size=2)
BODIES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES | st.lists(LEAVES, max_size=3), lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
    ),
    max_size=4,
)


@given(BODIES)
def test_a_value_does_not_differ_from_itself(body: dict[str, Any]) -> None:
    assert list(model.changes(body, body)) == []


@given(BODIES, BODIES)
def test_what_is_laid_over_is_there_afterwards(live: dict[str, Any], declared: dict[str, Any]) -> None:
    assert model.select_declared(model.deep_merge(live, declared), declared) == declared


@given(BODIES, BODIES)
def test_what_nobody_declared_survives(live: dict[str, Any], declared: dict[str, Any]) -> None:
    whole = model.deep_merge(live, declared)
    assert {key: whole[key] for key in live if key not in declared} == {
        k: v for k, v in live.items() if k not in declared
    }


@given(BODIES)
def test_plain_is_plain_already_the_second_time(body: dict[str, Any]) -> None:
    assert model.plain(model.plain(body)) == model.plain(body)


def test_numbers_come_back_as_they_were_written() -> None:
    assert model.plain({"httpPort": 5000.0, "list": [1.0, 1.5]}) == {"httpPort": 5000, "list": [1, 1.5]}


def test_only_the_changed_field_differs() -> None:
    old = {"online": True, "docker": {"httpPort": 5000, "v1Enabled": False}}
    new = {"online": True, "docker": {"httpPort": 5002, "v1Enabled": False}}
    assert list(model.changes(old, new)) == [("docker", "httpPort")]


def test_an_unordered_list_is_a_set_and_any_other_is_not() -> None:
    old, new = {"roles": ["a", "b"], "memberNames": ["a", "b"]}, {"roles": ["b", "a"], "memberNames": ["b", "a"]}
    assert list(model.changes(old, new, frozenset({("roles",)}))) == [("memberNames",)]


def test_a_secret_is_carried_from_what_was_declared() -> None:
    declared = {"httpClient": {"authentication": {"username": "u", "password": "p"}}}
    live = {"httpClient": {"authentication": {"username": "u"}}}
    path = ("httpClient", "authentication", "password")
    assert model.restore_paths(model.select_declared(live, declared), declared, [path]) == declared


def test_what_is_taken_out_leaves_the_rest() -> None:
    assert model.without({"a": {"b": 1, "c": 2}}, [("a", "b"), ("x", "y")]) == {"a": {"c": 2}}


def test_nothing_in_another_spelling_is_no_change() -> None:
    assert list(model.changes({"a": None, "b": [], "c": ""}, {"a": "", "b": None, "c": {}})) == []
    assert list(model.changes({"a": None}, {"a": False})) == [("a",)]
