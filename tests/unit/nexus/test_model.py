"""Comparing and merging declared and live bodies."""

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
def test_a_merge_contains_the_declared_values(live: dict[str, Any], declared: dict[str, Any]) -> None:
    assert model.select_declared(model.deep_merge(live, declared), declared) == declared


@given(BODIES, BODIES)
def test_a_merge_keeps_undeclared_values(live: dict[str, Any], declared: dict[str, Any]) -> None:
    whole = model.deep_merge(live, declared)
    assert {key: whole[key] for key in live if key not in declared} == {
        k: v for k, v in live.items() if k not in declared
    }


@given(BODIES)
def test_plain_is_idempotent(body: dict[str, Any]) -> None:
    assert model.plain(model.plain(body)) == model.plain(body)


def test_numbers_keep_their_notation() -> None:
    assert model.plain({"httpPort": 5000.0, "list": [1.0, 1.5]}) == {"httpPort": 5000, "list": [1, 1.5]}


def test_only_changed_fields_differ() -> None:
    old = {"online": True, "docker": {"httpPort": 5000, "v1Enabled": False}}
    new = {"online": True, "docker": {"httpPort": 5002, "v1Enabled": False}}
    assert list(model.changes(old, new)) == [("docker", "httpPort")]


def test_only_unordered_lists_are_compared_as_sets() -> None:
    old, new = {"roles": ["a", "b"], "memberNames": ["a", "b"]}, {"roles": ["b", "a"], "memberNames": ["b", "a"]}
    assert list(model.changes(old, new, frozenset({("roles",)}))) == [("memberNames",)]


def test_a_secret_is_taken_from_the_declared_body() -> None:
    declared = {"httpClient": {"authentication": {"username": "u", "password": "p"}}}
    live = {"httpClient": {"authentication": {"username": "u"}}}
    path = ("httpClient", "authentication", "password")
    assert model.restore_paths(model.select_declared(live, declared), declared, [path]) == declared


def test_removing_a_path_keeps_the_rest() -> None:
    assert model.without({"a": {"b": 1, "c": 2}}, [("a", "b"), ("x", "y")]) == {"a": {"c": 2}}


def test_other_spellings_of_empty_values_are_no_change() -> None:
    assert list(model.changes({"a": None, "b": [], "c": ""}, {"a": "", "b": None, "c": {}})) == []
    assert list(model.changes({"a": None}, {"a": False})) == [("a",)]


def test_a_value_is_put_below_what_is_not_there_yet() -> None:
    assert model.put({}, ("bucket", "security", "key"), "x") == {"bucket": {"security": {"key": "x"}}}
    assert model.put({"bucket": {"name": "b"}}, ("bucket", "key"), "x") == {"bucket": {"name": "b", "key": "x"}}
    assert model.put({"bucket": "b"}, ("bucket", "key"), "x") == {"bucket": "b"}
