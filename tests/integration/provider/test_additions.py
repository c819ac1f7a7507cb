"""What somebody adds on a server is found, an administrator by any right, and nothing that is Nexus's own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cli.drift.additions import Additions, additions
from exports import state as exports
from nexus.http.client import NexusClient
from nexus.objects.reader import Reader
from tests.integration.provider.play import Play
from tests.integration.provider.samples import everything_else

USER = {"firstName": "M", "lastName": "M", "emailAddress": "m@domain.org", "status": "active", "password": "mallory-1"}
ALL = {"type": "wildcard", "name": "harmless", "description": "", "pattern": "nexus:*"}


def added(play: Play, **unmanaged: list[str]) -> Additions:
    """By a reader with the administrator's password of the state, as `watch` and `doctor` have."""
    state = play.secret_state()
    allowed = {section: tuple(patterns) for section, patterns in unmanaged.items()}
    return additions(Reader(NexusClient(exports.connection(state))), state, allowed)


@pytest.fixture
def made(playing: Callable[..., Play]) -> Iterator[Play]:
    with playing() as play:
        play.wanted |= everything_else()
        play.up()
        yield play


def post(play: Play, path: str, body: dict[str, Any]) -> None:
    play.ask("POST", path, body).raise_for_status()


def role(play: Play, name: str, *, privileges: list[str] | None = None, roles: list[str] | None = None) -> None:
    body = {"id": name, "name": name, "description": "", "privileges": privileges or [], "roles": roles or []}
    post(play, "/v1/security/roles", body)


def user(play: Play, name: str, *roles: str) -> None:
    post(play, "/v1/security/users", {**USER, "userId": name, "roles": list(roles)})


def test_what_nexus_ships_and_makes_itself_is_no_addition(made: Play) -> None:
    """With repositories that it ships and the stack does not declare, their privileges, and the tasks of formats."""
    assert made.ask("GET", "/v1/repositories").json()
    made.store("sample-hosted/a.txt", b"a")
    assert added(made) == Additions()


def test_each_way_to_become_an_administrator_is_found(made: Play) -> None:
    user(made, "direct", "nx-admin")
    role(made, "nx-helpers", roles=["nx-admin"])  # no role of Nexus's own, whatever its name
    role(made, "outer", roles=["nx-helpers"])
    user(made, "nested", "outer")
    post(made, "/v1/security/privileges/wildcard", {key: ALL[key] for key in ("name", "description", "pattern")})
    role(made, "all", privileges=["harmless"])
    user(made, "wildcard", "all")
    role(made, "users", privileges=["nx-users-update"])
    user(made, "by-users", "users")
    role(made, "reads", privileges=["nx-repository-view-*-*-read"])
    user(made, "reader", "reads")
    found = added(made)
    names = ["by-users", "direct", "nested", "wildcard"]
    assert found.administrators == tuple(f"users.{name}" for name in names)
    assert set(found.objects) == {
        "privileges.harmless",
        *(f"roles.{name}" for name in ("nx-helpers", "outer", "all", "users", "reads")),
        "users.reader",
    }
    assert found.lines[0] == "users.by-users is an administrator that the stack does not declare"


def test_a_declared_user_and_the_anonymous_one_can_become_administrators_too(made: Play) -> None:
    for name in ("bob", "anonymous"):
        (there,) = [each for each in made.ask("GET", "/v1/security/users").json() if each["userId"] == name]
        changed = made.ask("PUT", f"/v1/security/users/{name}", {**there, "roles": ["nx-admin"]})
        assert changed.ok, changed.text
    assert added(made).administrators == ("users.anonymous", "users.bob")


def test_an_allow_list_takes_patterns_but_an_administrator_by_name_only(made: Play) -> None:
    rule = {"name": "by-hand", "description": "", "mode": "BLOCK", "matchers": ["^/x"]}
    post(made, "/v1/routing-rules", rule)
    user(made, "ci-1", "nx-anonymous")
    user(made, "ci-root", "nx-admin")
    assert added(made).objects == ("routingRules.by-hand", "users.ci-1")
    assert added(made, users=["ci-*"]) == Additions(("users.ci-root",), ("routingRules.by-hand",))
    assert added(made, **{"*": ["by-*"]}, users=["ci-1", "ci-root"]) == Additions()
