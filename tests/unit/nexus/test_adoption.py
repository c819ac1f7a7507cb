"""Undeclared settings of adopted objects."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from nexus import model
from nexus.errors import Rejected
from nexus.http.connection import Connection
from nexus.http.wanted import COMMAND, known
from nexus.kinds import KINDS
from nexus.kinds.special import inputs
from nexus.model import PLACEHOLDER, Ref
from nexus.objects.undeclared import refuse_undeclared, undeclared_secrets
from nexus.objects.unset import UNSET, declared_part, filled, recorded, undeclared, with_values

RAW = Ref("repository", "theirs", "raw", "proxy")
RAW_KIND = KINDS["repository"]
S3 = Ref("blobStore", "cloud", type="s3")


def login(**fields: Any) -> dict[str, Any]:
    return {"httpClient": {"blocked": False, "autoBlock": True, "authentication": fields}}


@pytest.mark.parametrize(
    ("ref", "live", "body", "lost"),
    [
        (RAW, login(type="username", username="reader"), {}, ["httpClient.authentication.password"]),
        (RAW, login(type="bearerToken"), {}, ["httpClient.authentication.bearerToken"]),
        (RAW, login(type="username", username="reader"), login(type="username", password="p"), []),
        (RAW, {"httpClient": {"authentication": None}}, {}, []),
        (Ref("repository", "d", "apt", "hosted"), {"aptSigning": {"keypair": "k"}}, {}, ["aptSigning.passphrase"]),
        (Ref("ldap", "directory"), {"authScheme": "SIMPLE", "authUsername": "cn=nexus"}, {}, ["authPassword"]),
        (Ref("ldap", "directory"), {"authScheme": "NONE"}, {}, []),
        (Ref("email", "email"), {"username": "nexus"}, {}, []),  # the server keeps it for the placeholder
        (
            S3,
            {"bucketConfiguration": {"bucketSecurity": {"accessKeyId": "a", "secretAccessKey": PLACEHOLDER}}},
            {},
            [],
        ),
        (
            S3,
            {"bucketConfiguration": {"bucketSecurity": {"accessKeyId": "a", "sessionToken": PLACEHOLDER}}},
            {"bucketConfiguration": {"bucketSecurity": {"secretAccessKey": "s"}}},
            ["bucketConfiguration.bucketSecurity.sessionToken"],
        ),
        (Ref("user", "bob"), {"userId": "bob"}, {}, []),
    ],
)
def test_secrets_that_a_change_would_wipe_are_found(
    ref: Ref, live: dict[str, Any], body: dict[str, Any], lost: list[str]
) -> None:
    assert undeclared_secrets(ref, live, body) == lost


def test_defaults_in_older_states_of_adopted_objects_are_no_change() -> None:
    new = {"proxy": {"remoteUrl": "https://remote.domain.org/"}}
    old = RAW_KIND.completed(RAW.request, RAW.name, new)
    assert old["proxy"]["contentMaxAge"] == 1440
    assert RAW_KIND.declared_changes(RAW, old, new, True) == []
    assert RAW_KIND.declared_changes(RAW, old, new, False) != []
    by_hand = {**old, "proxy": {**old["proxy"], "contentMaxAge": 7}}
    assert RAW_KIND.declared_changes(RAW, by_hand, new, True) == [("proxy", "contentMaxAge")]


def test_defaults_do_not_count_as_declared() -> None:
    new = {"proxy": {"remoteUrl": "https://remote.domain.org/"}}
    old = {**RAW_KIND.completed(RAW.request, RAW.name, new), "routingRule": "ours"}
    base = model.without_defaults(old, new, RAW_KIND.completed(RAW.request, RAW.name, new))
    assert base["proxy"] == new["proxy"]
    assert base["routingRule"] == "ours"
    assert "online" not in base


@pytest.mark.parametrize(
    ("props", "left"),
    [
        ({}, False),
        ({"adopted": True}, True),
        ({"adopt": True, "adopted": False}, False),
        ({"adopt": True}, True),  # an older state without this information
        ({"adopted": True, "onDelete": "delete"}, False),
        ({"onDelete": "keep"}, True),
    ],
)
def test_adopted_objects_stay_unless_the_stack_file_says_otherwise(props: dict[str, Any], left: bool) -> None:
    assert KINDS["role"].stays(props) is left


def test_the_wanted_password_is_read_from_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = Connection(url="https://old.domain.org", password="old")
    monkeypatch.delenv(COMMAND, raising=False)
    assert known(state).wanted is None
    answer = tmp_path / "answer.json"
    monkeypatch.setenv(COMMAND, f"cat '{answer}'")
    assert known(state).wanted is None  # it fails
    answer.write_text(json.dumps({"password": "old"}))
    assert known(state).wanted is None
    answer.write_text(json.dumps({"password": "new", "url": "https://new.domain.org"}))
    found = known(state).wanted
    assert found is not None
    assert (found.url, found.password) == ("https://new.domain.org", "new")
    monkeypatch.setenv(COMMAND, f"{sys.executable} -c 'print([])'")
    assert known(state).wanted is None


def test_a_field_that_was_empty_on_the_server_stays_empty() -> None:
    declared = {"proxy": {"remoteUrl": "https://remote.domain.org/"}, "httpClient": {"blocked": False}}
    shown = {"name": "theirs", "cleanup": None, "routingRuleName": None, "httpClient": {"connection": None}}
    live = RAW_KIND.from_response({**declared, **shown}) or {}
    kept = recorded(RAW_KIND, RAW, declared, live)
    assert kept == {UNSET: ["cleanup", "httpClient.connection", "routingRuleName"]}
    assert with_values(declared, live, kept[UNSET]) == declared
    by_hand = {**live, "cleanup": {"policyNames": ["all"]}, "raw": {"contentDisposition": "INLINE"}}
    refreshed = with_values(declared, by_hand, kept[UNSET])
    assert refreshed == {**declared, "cleanup": {"policyNames": ["all"]}}  # only a newer release shows raw
    assert RAW_KIND.declared_changes(RAW, refreshed, declared, True) == [("cleanup",)]


def test_a_key_that_somebody_adds_to_properties_is_shown() -> None:
    kind, ref = KINDS["capability"], Ref("capability", "base-url")
    declared = {"type": "baseurl", "enabled": True, "properties": {"url": "https://nexus.domain.org"}}
    kept = recorded(kind, ref, declared, {**declared, "id": "1", "notes": ""})
    assert kept == {UNSET: ["notes", "properties.*"]}
    properties = {"url": "https://nexus.domain.org", "more": "by hand"}
    assert with_values(declared, {**declared, "properties": properties}, kept[UNSET])["properties"] == properties


LIVE = {
    "name": "theirs",
    "url": "https://nexus.domain.org/repository/theirs",
    "storage": {"blobStoreName": "default", "strictContentTypeValidation": True, "writePolicy": "ALLOW"},
    "proxy": {"remoteUrl": "https://someone:secret@remote.domain.org/", "contentMaxAge": 7},
    "cleanup": None,
    "routingRuleName": "theirs",
    "httpClient": {
        "blocked": False,
        "authentication": {"type": "username", "username": "u", "ntlmHost": None},
        "connection": {"retries": None, "enableCookies": False, "userAgentSuffix": ""},
    },
}
VALUES = {
    "storage": {"strictContentTypeValidation": True},
    "proxy": {"contentMaxAge": 7},
    "routingRuleName": "theirs",
    "httpClient": {"authentication": {"type": "username", "username": "u"}, "connection": {"enableCookies": False}},
}
"""Without what is declared, empty, the server's own, where the content is, and a URL with a login."""


def test_what_a_declaration_leaves_out_is_recorded_with_its_value() -> None:
    live = RAW_KIND.from_response(LIVE) or {}
    assert undeclared(RAW_KIND, RAW, {"httpClient": {"blocked": False}}, live) == VALUES
    declared = {"proxy": {"contentMaxAge": 1}, "routingRule": "ours", "httpClient": LIVE["httpClient"]}
    assert undeclared(RAW_KIND, RAW, declared, live) == {"storage": {"strictContentTypeValidation": True}}
    assert undeclared(KINDS["truststore"], Ref("truststore", "ca"), {"pem": "a"}, {"pem": "b"}) == {}
    assert undeclared(RAW_KIND, RAW, {}, None) == {}


def test_properties_with_free_keys_and_secrets_are_not_recorded() -> None:
    live = {"id": "1", "type": "webhook", "enabled": True, "notes": "theirs", "properties": {"secret": "s3cr3t"}}
    body = {"type": "webhook", "enabled": True}
    assert undeclared(KINDS["capability"], Ref("capability", "hook"), body, live) == {"notes": "theirs"}
    key = {"apt": {"distribution": "bookworm"}, "aptSigning": {"keypair": "-----BEGIN", "passphrase": None}}
    assert undeclared(RAW_KIND, Ref("repository", "d", "apt", "hosted"), {}, key) == {
        "apt": {"distribution": "bookworm"}
    }


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ({}, VALUES),
        ({"routingRule": "ours"}, {"routingRule": "ours"}),
        ({"httpClient": {"connection": {"enableCookies": True}}}, {}),
        ({"httpClient": {"authentication": {"password": "p"}}}, {}),
    ],
)
def test_what_is_declared_comes_before_the_recorded_value(body: dict[str, Any], changed: dict[str, Any]) -> None:
    whole = filled(RAW_KIND, body, VALUES)
    assert model.select_declared(whole, body) == body
    assert model.select_declared(whole, changed) == changed
    assert ("routingRuleName" in whole) is ("routingRule" not in body)
    assert declared_part(filled(RAW_KIND, {}, VALUES), VALUES) == {}


def test_a_login_of_another_type_takes_nothing_from_the_recorded_one() -> None:
    token = {"type": "bearerToken", "bearerToken": "t"}
    whole = filled(RAW_KIND, {"httpClient": {"authentication": token}}, VALUES)
    assert whole["httpClient"] == {"authentication": token, "connection": {"enableCookies": False}}


@pytest.mark.parametrize(
    ("live", "body", "refusal"),
    [
        (login(type="username"), login(type="username", username="u", password="p"), ""),
        ({"httpClient": {"authentication": None}}, login(type="username", username="u", password="p"), ""),
        ({"httpClient": {"authentication": None}}, {"httpClient": {"blocked": False}}, ""),
        (
            {"httpClient": {"authentication": None}},
            login(type="username", username="u"),
            "repositories.theirs.httpClient.authentication.password: the server has no httpClient.authentication, and "
            "a change cannot set it without this secret. Fix: pulumi config set --secret --path "
            "repositories.theirs.httpClient.authentication.password, or remove "
            "repositories.theirs.httpClient.authentication from the stack file",
        ),
    ],
)
def test_a_login_that_is_gone_needs_its_secret(live: dict[str, Any], body: dict[str, Any], refusal: str) -> None:
    with pytest.raises(Rejected) if refusal else nullcontext() as refused:
        refuse_undeclared(RAW, live, body)
    assert refused is None or str(refused.value) == refusal


def test_the_fields_that_stay_empty_are_no_inputs() -> None:
    assert inputs({"kind": "role", "body": {}, "adopt": "strict", UNSET: ["roles"]}) == {
        "kind": "role",
        "body": {},
        "adopt": "strict",
    }
