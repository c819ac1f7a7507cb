"""What the server cannot hold, or others on it still use, ends the preview in one line for each cause."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nexus.schema.merging import merged
from tests.provider.play import Failed, Play

HOSTED: dict[str, Any] = {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "ours"}}
OURS: dict[str, Any] = {
    "blobStores": {"ours": {}},
    "cleanupPolicies": {"old": {"format": "raw", "criteriaLastDownloaded": 30}},
    "contentSelectors": {"org": {"expression": 'path =^ "/org/"'}},
    "routingRules": {"inside": {"matchers": ["^/org/.*"]}},
    "privileges": {"org-read": {"type": "wildcard", "pattern": "nexus:org:read"}},
    "roles": {"reader": {"privileges": ["nx-search-read"]}},
    "repositories": {"files": HOSTED},
}


def theirs(play: Play) -> None:
    """What somebody has made by hand of the stack's own things."""
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
        "/v1/security/roles": {"id": "theirs", "name": "theirs", "privileges": ["org-read"], "roles": []},
        "/v1/security/users": user,
    }.items():
        answer = play.ask("POST", path, body)
        assert answer.ok, answer.text


@pytest.fixture(scope="module")
def shared(play: Play) -> Play:
    play.wanted |= json.loads(json.dumps(OURS))
    play.up()
    theirs(play)
    return play


USED = {
    "blobStores.ours": "repository Theirs",
    "cleanupPolicies.old": "repository their-proxy",
    "routingRules.inside": "repository their-proxy",
    "contentSelectors.org": "privilege their-privilege",
    "privileges.org-read": "role theirs",
    "roles.reader": "user carol",
}


def errors(text: str) -> list[str]:
    return [line for line in text.partition("Diagnostics:")[2].splitlines() if "error:" in line]


@pytest.mark.parametrize("key", USED)
@pytest.mark.parametrize("refresh", ["--refresh", "--refresh=false"])
def test_what_others_use_is_not_removed_and_they_are_named(shared: Play, key: str, refresh: str) -> None:
    section, name = key.split(".")
    right = shared.wanted
    change: dict[str, Any] = {section: {name: None}}
    shared.wanted = merged(right, {**change, "repositories": {"files": None}} if section == "blobStores" else change)
    try:
        with pytest.raises(Failed) as refused:
            shared.preview(refresh)
    finally:
        shared.wanted = right
    (line,) = errors(str(refused.value))
    assert f"{key}: would be removed, and {USED[key]} on the server, which the stack does not declare, uses it" in line
    assert "allowed " in line
    assert ". Fix: " in line


def test_what_only_the_stack_uses_may_go(shared: Play) -> None:
    right = shared.wanted
    shared.wanted = merged(right, {"roles": {"mine": {"roles": ["reader"]}}, "blobStores": {"more": {}}})
    shared.up()
    shared.wanted = right
    assert "3 to delete" in shared.preview("--refresh")  # with the one that purges a blob store's files
    shared.up("--refresh")


def test_a_name_in_other_letters_than_somebody_elses_is_refused(shared: Play) -> None:
    right = shared.wanted
    shared.wanted = merged(right, {"repositories": {"theirs": HOSTED}})
    try:
        with pytest.raises(Failed) as refused:
            shared.preview()
    finally:
        shared.wanted = right
    (line,) = errors(str(refused.value))
    assert "repositories.theirs: the server has 'Theirs', which differs in capital letters only" in line


def test_a_capability_of_an_unknown_type_is_refused_with_the_known_ones(shared: Play) -> None:
    right = shared.wanted
    shared.wanted = merged(right, {"capabilities": {"log": {"type": "audti"}}})
    try:
        with pytest.raises(Failed) as refused:
            shared.preview()
    finally:
        shared.wanted = right
    (line,) = errors(str(refused.value))
    assert "capabilities.log.type: Nexus" in line
    assert "has no capability of this type (got 'audti'; " in line
    assert "did you mean audit?" in line


def test_a_loss_that_is_allowed_to_nothing_is_refused(shared: Play) -> None:
    right = shared.wanted
    shared.wanted = merged(right, {"repositories": {"more": HOSTED}, "allowDataLoss": ["mroe"]})
    try:
        with pytest.raises(Failed) as refused:
            shared.preview()
    finally:
        shared.wanted = right
    (line,) = errors(str(refused.value))
    assert "allowDataLoss: no repository of the stack has or had this name (got 'mroe'; " in line
    assert "did you mean more?" in line


def test_realms_that_the_server_has_not_are_refused_before_anything_is_made(shared: Play) -> None:
    right = shared.wanted
    shared.wanted = merged(right, {"realms": ["NexusAuthenticatingRealm", "DokcerToken"]})
    try:
        with pytest.raises(Failed) as refused:
            shared.preview()
    finally:
        shared.wanted = right
    assert "realms" in str(refused.value)
    assert "DokcerToken" in str(refused.value)


def test_an_unchanged_preview_asks_nothing_more(shared: Play) -> None:
    shared.up("--refresh")
    shared.counted()
    shared.preview()
    assert [line for line in shared.counted() if "swagger" in line or "repositorySettings" in line] == []


def test_what_an_older_server_lacks_is_one_line_for_each_cause(playing: Callable[..., Play]) -> None:
    with playing("3.77") as play:
        play.wanted |= {
            "nexus": {},
            "capabilities": {"log": {"type": "audit"}, "url": {"type": "baseurl", "properties": {"url": "x"}}},
            "ssrfProtection": {},
            "blobStores": {"mine": {}},
        }
        with pytest.raises(Failed) as refused:
            play.preview()
        lines = errors(str(refused.value))
        assert len(lines) == 2, lines
        assert "capabilities.log, capabilities.url: Nexus 3.77" in str(lines)
        assert "has no requests for capabilities, as its swagger.json says" in str(lines)
        assert play.ask("GET", "/v1/blobstores", password="first-password").json()[0]["name"] == "default"
        with pytest.raises(Failed, match=r"capabilities\.log, capabilities\.url"):
            play.up()
        assert len(play.ask("GET", "/v1/blobstores", password="first-password").json()) == 1


def test_a_first_up_asks_as_soon_as_the_server_is_there(playing: Callable[..., Play]) -> None:
    with playing("3.77") as play:
        play.stop()
        play.wanted |= {"nexus": {}, "capabilities": {"log": {"type": "audit"}}, "blobStores": {"mine": {}}}
        assert "to create" in play.preview()
        play.start()
        with pytest.raises(Failed) as refused:
            play.up()
        (line,) = errors(str(refused.value))
        assert "capabilities.log: Nexus 3.77.0-08 has no requests for capabilities" in line
        assert len(play.ask("GET", "/v1/blobstores", password="first-password").json()) == 1
