"""Settings that leave the stack file are unset on the server, while their object stays."""

from typing import Any

import pytest

from tests.integration.provider.play import ADMIN, Play
from tests.integration.provider.samples import REMOTE, everything_else

SECTIONS = (
    "blobStores",
    "routingRules",
    "cleanupPolicies",
    "email",
    "httpProxy",
    "ldap",
    "tasks",
    "roles",
    "repositories",
)
OPEN = {"blocked": False, "autoBlock": True}
LOGIN = {"type": "username", "username": "reader", "password": "remote-secret"}


@pytest.fixture(scope="module")
def made(play: Play) -> Play:
    """A stack whose objects lost some of their declared settings."""
    declared = {section: part for section, part in everything_else().items() if section in SECTIONS}
    declared["roles"] = {"reader": {"description": "reads", "privileges": ["nx-search-read"]}}
    declared["repositories"]["with-login"] = {
        "format": "maven",
        "type": "proxy",
        "proxy": {"remoteUrl": REMOTE},
        "httpClient": {"authentication": LOGIN, "connection": {"timeout": 77}},
    }
    declared["ldap"]["directory"]["userBaseDn"] = "ou=people"
    declared["tasks"]["compact"]["alertEmail"] = "team@provider.test"
    declared["email"]["subjectPrefix"] = "[ours]"
    shipped = play.ask("GET", "/v1/email", password="first-password").json()
    play.ask("PUT", "/v1/email", {**shipped, "subjectPrefix": "[theirs]"}, "first-password").raise_for_status()
    play.wanted |= declared
    play.up()
    by_hand(play, "/v1/repositories/raw/proxy/sample-proxy", httpClient={**OPEN, "connection": {"timeout": 33}})
    del declared["blobStores"]["releases"]["softQuota"]
    del declared["repositories"]["sample-hosted"]["cleanup"], declared["cleanupPolicies"]
    del declared["repositories"]["sample-proxy"]["routingRuleName"], declared["routingRules"]
    del declared["repositories"]["with-login"]["httpClient"]
    del declared["roles"]["reader"]["privileges"]
    del declared["ldap"]["directory"]["userBaseDn"], declared["tasks"]["compact"]["alertEmail"]
    del declared["email"]["subjectPrefix"], declared["email"]["username"], declared["email"]["password"]
    del play.wanted["cleanupPolicies"], play.wanted["routingRules"], declared["httpProxy"]["httpProxy"]
    play.wanted |= declared
    play.up()
    return play


def by_hand(play: Play, path: str, **change: Any) -> None:
    play.ask("PUT", path, {**play.ask("GET", path).json(), "routingRule": "no-internal", **change}).raise_for_status()


def live(play: Play, path: str) -> Any:
    return play.ask("GET", path, password=ADMIN).json()


def test_a_refresh_finds_nothing_to_change(made: Play) -> None:
    assert "unchanged" in made.preview("--refresh", "--expect-no-changes")


def test_a_quota_a_cleanup_policy_and_a_routing_rule_are_unset(made: Play) -> None:
    assert live(made, "/v1/blobstores/file/releases")["softQuota"] is None
    assert live(made, "/v1/repositories/raw/hosted/sample-hosted")["cleanup"] is None
    assert live(made, "/v1/repositories/raw/proxy/sample-proxy")["routingRuleName"] is None
    assert live(made, "/v1/routing-rules") == live(made, "/internal/cleanup-policies") == []


def test_a_login_is_unset_and_required_fields_stay(made: Play) -> None:
    client = live(made, "/v1/repositories/maven/proxy/with-login")["httpClient"]
    assert client["authentication"] is None
    assert not (client["connection"] or {}).get("timeout")
    assert client["blocked"] is False


def test_settings_that_were_never_declared_stay(made: Play) -> None:
    assert live(made, "/v1/repositories/raw/proxy/sample-proxy")["httpClient"]["connection"]["timeout"] == 33


def test_removed_settings_of_other_kinds_are_unset(made: Play) -> None:
    assert live(made, "/v1/security/roles/reader")["privileges"] == []
    assert not live(made, "/v1/security/ldap/directory").get("userBaseDn")
    (task,) = [task for task in live(made, "/v1/tasks")["items"] if task["name"] == "compact"]
    assert not task.get("alertEmail")


def test_fields_of_settings_get_their_prior_values(made: Play) -> None:
    email = live(made, "/v1/email")
    assert email["subjectPrefix"] == "[theirs]"
    assert not email["username"]
    assert email["fromAddress"] == "nexus@provider.test"
    assert live(made, "/v1/http")["httpProxy"] is None
