"""The preview refuses what the server cannot take or objects of others still need, in a line for each cause."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nexus.schema.merging import merged
from tests.integration.provider.play import Failed, Play

HOSTED: dict[str, Any] = {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "ours"}}
OURS: dict[str, Any] = {
    "blobStores": {"ours": {}},
    "cleanupPolicies": {"old": {"format": "raw", "criteriaLastDownloaded": 30}},
    "contentSelectors": {"org": {"expression": 'path =^ "/org/"'}},
    "routingRules": {"inside": {"matchers": ["^/org/.*"]}},
    "privileges": {"org-read": {"type": "wildcard", "pattern": "nexus:org:read"}},
    "roles": {"reader": {"privileges": ["nx-search-read"]}},
    "repositories": {"files": HOSTED, "read": {"format": "raw", "type": "hosted"}},
}


def create_users_of_the_stack(play: Play) -> None:
    """Creates objects by hand that use those of the stack."""
    storage = {"blobStoreName": "ours", "strictContentTypeValidation": True}
    hosted = {"name": "Theirs", "online": True, "storage": {**storage, "writePolicy": "ALLOW"}}
    proxy = {
        "name": "their-proxy",
        "online": True,
        "storage": {**storage, "blobStoreName": "default"},
        "cleanup": {"policyNames": ["old"]},
        "proxy": {"remoteUrl": "https://remote.provider.test/", "contentMaxAge": 1, "metadataMaxAge": 1},
        "negativeCache": {"enabled": True, "timeToLive": 1},
        "httpClient": {"blocked": False, "autoBlock": True},
        "routingRule": "inside",
        "routingRuleName": "inside",
    }
    group = {"name": "their-group", "online": True, "storage": {**storage, "blobStoreName": "default"}}
    role = {"id": "theirs", "name": "theirs", "roles": []}
    selector = {
        "name": "their-privilege",
        "description": "",
        "actions": ["READ"],
        "format": "raw",
        "repository": "*",
        "contentSelector": "org",
    }
    user = {
        "userId": "carol",
        "firstName": "C",
        "lastName": "C",
        "emailAddress": "carol@domain.org",
        "password": "carols-own",
        "status": "active",
        "roles": ["reader"],
    }
    for path, body in {
        "/v1/repositories/raw/hosted": hosted,
        "/v1/repositories/raw/proxy": proxy,
        "/v1/security/privileges/repository-content-selector": selector,
        "/v1/repositories/raw/group": {**group, "group": {"memberNames": ["read"]}},
        "/v1/security/roles": {**role, "privileges": ["org-read", "nx-repository-view-raw-read-browse"]},
        "/v1/security/users": user,
    }.items():
        answer = play.ask("POST", path, body)
        assert answer.ok, answer.text


@pytest.fixture(scope="module")
def shared(play: Play) -> Play:
    play.wanted |= json.loads(json.dumps(OURS))
    play.up()
    create_users_of_the_stack(play)
    return play


USED = {
    "blobStores.ours": "repository Theirs",
    "cleanupPolicies.old": "repository their-proxy",
    "routingRules.inside": "repository their-proxy",
    "contentSelectors.org": "privilege their-privilege",
    "privileges.org-read": "role theirs",
    "roles.reader": "user carol",
    # Nexus would remove it from both.
    "repositories.read": "repository their-group, role theirs",
}


def errors(text: str) -> list[str]:
    return [line for line in text.partition("Diagnostics:")[2].splitlines() if "error:" in line]


def refused(play: Play, change: dict[str, Any], *options: str) -> list[str]:
    """The errors of the preview of a change, which is reverted afterwards."""
    right = play.wanted
    play.wanted = merged(right, change)
    try:
        with pytest.raises(Failed) as refusal:
            play.preview(*options)
    finally:
        play.wanted = right
    return errors(str(refusal.value))


@pytest.mark.parametrize("key", USED)
@pytest.mark.parametrize("refresh", ["--refresh", "--refresh=false"])
def test_a_removal_is_refused_with_the_objects_of_others_that_use_it(shared: Play, key: str, refresh: str) -> None:
    section, name = key.split(".")
    on_it: dict[str, Any] = {"repositories": {"files": None}} if section == "blobStores" else {}
    (line,) = refused(shared, {section: {name: None}, **on_it}, refresh)
    assert f"{key}: would be removed, but is used by {USED[key]} on the server, which the stack does not" in line
    assert "allowed " in line
    assert ". Fix: " in line


def test_a_blob_store_with_an_adopted_repository_is_not_removed(shared: Play) -> None:
    right = shared.wanted
    adopted = {"format": "raw", "type": "hosted", "adopt": True}
    there = {"storage": {"blobStoreName": "more"}}
    shared.wanted = merged(
        right, {"blobStores": {"more": {}}, "repositories": {"Theirs": {**adopted, **there, "onDelete": "delete"}}}
    )
    shared.up()
    (line,) = refused(shared, {"blobStores": {"more": None}, "repositories": {"Theirs": {"storage": None}}})
    assert "blobStores.more: would be removed, but the adopted Theirs, whose blob store is undeclared, " in line
    assert "Fix: declare repositories.Theirs.storage.blobStoreName, or declare blobStores.more again" in line
    back = {"storage": {"blobStoreName": "ours"}}
    shared.wanted = merged(right, {"repositories": {"Theirs": {**adopted, **back}}})
    shared.up()
    shared.wanted = right
    shared.up()


def test_objects_that_only_the_stack_uses_can_be_removed(shared: Play) -> None:
    right = shared.wanted
    shared.wanted = merged(right, {"roles": {"mine": {"roles": ["reader"]}}, "blobStores": {"more": {}}})
    shared.up()
    shared.wanted = right
    assert "3 to delete" in shared.preview("--refresh")  # including the resource that purges a blob store's files
    shared.up("--refresh")


def test_a_name_that_differs_from_an_existing_one_only_in_case_is_refused(shared: Play) -> None:
    (line,) = refused(shared, {"repositories": {"theirs": HOSTED}})
    assert "repositories.theirs: the server has 'Theirs', which differs in capital letters only" in line


def test_a_capability_of_an_unknown_type_is_refused_with_the_known_ones(shared: Play) -> None:
    (line,) = refused(shared, {"capabilities": {"log": {"type": "audti"}}})
    assert "capabilities.log.type: Nexus" in line
    assert "has no capability of this type (got 'audti'; " in line
    assert "did you mean audit?" in line


def test_an_unknown_name_in_allow_data_loss_is_refused(shared: Play) -> None:
    (line,) = refused(shared, {"repositories": {"more": HOSTED}, "allowDataLoss": ["mroe"]})
    assert "allowDataLoss: no repository of the stack has or had this name (got 'mroe'; " in line
    assert "did you mean more?" in line


def test_unknown_realms_are_refused_at_preview(shared: Play) -> None:
    (line,) = refused(shared, {"realms": ["NexusAuthenticatingRealm", "DokcerToken"]})
    assert "realms" in line
    assert "DokcerToken" in line


def test_an_unchanged_preview_sends_no_further_requests(shared: Play) -> None:
    shared.up("--refresh")
    shared.counted()
    shared.preview()
    assert [line for line in shared.counted() if "swagger" in line or "repositorySettings" in line] == []


def test_kinds_that_an_older_server_lacks_are_one_line_for_each_cause(playing: Callable[..., Play]) -> None:
    with playing("3.77") as play:
        play.wanted |= {
            "nexus": {},
            "capabilities": {"log": {"type": "audit"}, "url": {"type": "baseurl", "properties": {"url": "x"}}},
            "ssrfProtection": {},
            "blobStores": {"mine": {}},
        }
        lines = refused(play, {})
        assert len(lines) == 2, lines
        assert "capabilities.log, capabilities.url: Nexus 3.77" in str(lines)
        assert "has no requests for capabilities, according to its swagger.json" in str(lines)
        assert play.ask("GET", "/v1/blobstores", password="first-password").json()[0]["name"] == "default"
        with pytest.raises(Failed, match=r"capabilities\.log, capabilities\.url"):
            play.up()
        assert len(play.ask("GET", "/v1/blobstores", password="first-password").json()) == 1


def test_a_first_up_checks_as_soon_as_the_server_is_up(playing: Callable[..., Play]) -> None:
    with playing("3.77") as play:
        play.stop()
        play.wanted |= {"nexus": {}, "capabilities": {"log": {"type": "audit"}}, "blobStores": {"mine": {}}}
        assert "to create" in play.preview()
        play.start()
        with pytest.raises(Failed) as refusal:
            play.up()
        (line,) = errors(str(refusal.value))
        assert "capabilities.log: Nexus 3.77.0-08 has no requests for capabilities" in line
        assert len(play.ask("GET", "/v1/blobstores", password="first-password").json()) == 1
