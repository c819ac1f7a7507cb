"""Only fields that leave the stack file are unset."""

from typing import Any

import pytest

from nexus.kinds import KINDS
from nexus.model import Ref
from nexus.objects.undeclared import unset_removed_fields

LOGIN = {"type": "username", "username": "u", "password": "secret"}
CLIENT = {"blocked": False, "autoBlock": True, "authentication": LOGIN}
PROXY = {"httpClient": CLIENT, "routingRule": "rule", "proxy": {"remoteUrl": "https://r/", "contentMaxAge": 5}}
SHOWN = {
    **PROXY,
    "httpClient": {**CLIENT, "authentication": {"type": "username", "username": "u"}, "connection": {"timeout": 7}},
    "routingRuleName": "rule",
    "negativeCache": {"enabled": True, "timeToLive": 5},
}


def proxy(declared: dict[str, Any], before: dict[str, Any] = PROXY) -> dict[str, Any]:
    ref = Ref("repository", "sample", "raw", "proxy")
    return dict(unset_removed_fields(KINDS["repository"], ref, SHOWN, declared, before, {}))


def test_nothing_is_unset_while_all_fields_are_declared() -> None:
    assert proxy(PROXY) == SHOWN
    assert proxy({**PROXY, "online": False}, {}) == SHOWN


def test_a_removed_object_is_unset_and_its_siblings_stay() -> None:
    left = proxy({**PROXY, "httpClient": {"blocked": False, "autoBlock": True}})
    assert left["httpClient"] == {"blocked": False, "autoBlock": True, "connection": {"timeout": 7}}
    assert left["negativeCache"] == SHOWN["negativeCache"]


def test_required_fields_stay_without_their_optional_parts() -> None:
    left = proxy({key: value for key, value in PROXY.items() if key != "httpClient"})
    assert left["httpClient"] == {"blocked": False, "autoBlock": True, "connection": {"timeout": 7}}


@pytest.mark.parametrize("name", ["routingRule", "routingRuleName"])
def test_a_renamed_field_is_unset_under_both_names(name: str) -> None:
    declared = {key: value for key, value in PROXY.items() if key != "routingRule"}
    assert not {"routingRule", "routingRuleName"} & set(proxy(declared, {**declared, name: "rule"}))


def test_a_field_of_a_setting_gets_its_prior_value() -> None:
    live = {"enabled": True, "host": "ours", "port": 465, "username": "u", "subjectPrefix": "ours", "theirs": 1}
    before = {key: live[key] for key in ("host", "port", "username", "subjectPrefix")}
    former = {"host": "localhost", "port": None, "username": None, "subjectPrefix": ""}
    left = unset_removed_fields(KINDS["email"], Ref("email", "email"), live, {}, before, former)
    assert left == {"enabled": True, "host": "localhost", "port": 465, "subjectPrefix": "", "theirs": 1}


def test_each_field_of_an_object_in_a_setting_gets_its_prior_value() -> None:
    live = {"httpProxy": {"enabled": True, "host": "ours", "port": "1", "note": "ours"}}
    former = {"httpProxy": {"enabled": True, "host": "theirs", "port": "2"}}
    left = unset_removed_fields(KINDS["http"], Ref("http", "http"), live, {}, live, former)
    assert left == former


def test_an_object_without_a_prior_value_is_unset() -> None:
    live = {"httpProxy": {"enabled": True, "host": "ours"}, "retries": 2}
    former = {"httpProxy": {"enabled": None, "host": None}}
    assert unset_removed_fields(
        KINDS["http"], Ref("http", "http"), live, {}, {"httpProxy": {"host": "ours"}}, former
    ) == {"retries": 2}


def test_a_list_of_names_is_never_shortened() -> None:
    live = {"active": ["NexusAuthenticatingRealm", "DockerToken"]}
    assert unset_removed_fields(KINDS["realms"], Ref("realms", "realms"), live, {}, live, {}) is live
