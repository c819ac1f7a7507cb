"""`anonymousAccess` of the stack file."""

from pathlib import Path
from typing import Any

import pytest

from nexus.kinds import KINDS
from nexus.model import Ref
from stacks.rules.refusal import Refusal
from stacks.settings import Settings

STACKS = Path(__file__).parents[3] / "stacks"
SHIPPED = {"userId": "anonymous", "realmName": "NexusAuthorizingRealm"}
REF = Ref("anonymous", "anonymous")


def settings(**keys: Any) -> Settings:
    return Settings.of({"hostname": "nexus.domain.org", "passwords": {"admin": "a-password"}, **keys}, STACKS)


@pytest.mark.parametrize(
    ("keys", "body"),
    [
        ({}, {"enabled": False, **SHIPPED}),
        ({"anonymousAccess": "true"}, {"enabled": True, **SHIPPED}),
        ({"anonymousAccess": False}, {"enabled": False, **SHIPPED}),
        ({"anonymousAccess": {"enabled": True, "userId": "guest"}}, {"enabled": True, **SHIPPED, "userId": "guest"}),
        (
            {"anonymousAccess": {"enabled": True, "realmName": "LdapRealm"}},
            {"enabled": True, **SHIPPED, "realmName": "LdapRealm"},
        ),
    ],
)
def test_a_boolean_or_an_object_is_accepted(keys: dict[str, Any], body: dict[str, Any]) -> None:
    assert settings(**keys).anonymous_access.body == body


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("maybe", "anonymousAccess: "),
        ({"userId": "guest"}, "anonymousAccess.enabled: "),
        ({"enabled": True, "userId": ""}, "anonymousAccess.userId: "),
        ({"enabled": True, "user": "guest"}, "anonymousAccess.user: "),
    ],
)
def test_other_values_are_refused_with_their_key(value: Any, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings(anonymousAccess=value)
    assert str(refused.value).startswith(key)


def test_the_administrator_is_not_locked_out() -> None:
    with pytest.raises(Refusal) as refused:
        settings(anonymousAccess={"enabled": True, "userId": "admin"})
    assert str(refused.value) == (
        "anonymousAccess.userId: Nexus treats this user as anonymous even with its password, so "
        "`make up` would be locked out (got admin; allowed another user). "
        "Fix: pulumi config set --path anonymousAccess.userId anonymous"
    )
    assert settings(anonymousAccess={"enabled": False, "userId": "admin"}).anonymous_access.user_id == "admin"


def test_older_states_without_user_and_realm_have_the_shipped_ones() -> None:
    assert KINDS[REF.kind].declared_changes(REF, {"enabled": True}, {"enabled": True, **SHIPPED}, False) == []
    other = {"enabled": True, **SHIPPED, "userId": "guest"}
    assert KINDS[REF.kind].declared_changes(REF, {"enabled": True}, other, False) == [("userId",)]
    assert KINDS[REF.kind].declared_changes(REF, other, {"enabled": True, **SHIPPED}, False) == [("userId",)]
