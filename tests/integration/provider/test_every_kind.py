"""`pulumi up` creates, reads, changes, refreshes and removes objects of every kind."""

from typing import Any

import pytest

from nexus.schema.merging import merged
from tests.integration.provider.play import Play
from tests.integration.provider.samples import CHANGES, everything_else

READ = {
    "ssrfProtection": "/v1/security/ssrf-protection",
    "httpProxy": "/v1/http",
    "blobStores": "/v1/blobstores/file/releases",
    "routingRules": "/v1/routing-rules/no-internal",
    "cleanupPolicies": "/internal/cleanup-policies/old",
    "repositories": "/v1/repositories/raw/hosted/sample-hosted",
    "contentSelectors": "/v1/security/content-selectors/snapshots",
    "privileges": "/v1/security/privileges/sample-view",
    "roles": "/v1/security/roles/reader",
    "users": "/v1/security/users?userId=bob&source=default",
    "email": "/v1/email",
    "samlUsers": "/v1/security/saml/users?userId=carol",
    "oauth2Users": "/v1/security/oauth2/users?userId=dave",
    "ipAllowlist": "/v1/security/ip-allowlist",
}
# Changes by hand on the server.
DRIFTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "httpProxy": ("PUT", "/v1/http", {"retries": 9}),
    "ssrfProtection": ("PUT", "/v1/security/ssrf-protection", {"allowedIPs": ["10.0.0.1"]}),
    "blobStores": ("PUT", "/v1/blobstores/file/releases", {"softQuota": None}),
    "routingRules": ("PUT", "/v1/routing-rules/no-internal", {"mode": "ALLOW"}),
    "cleanupPolicies": ("PUT", "/internal/cleanup-policies/old", {"criteriaLastDownloaded": 5}),
    "contentSelectors": ("PUT", "/v1/security/content-selectors/snapshots", {"description": "by hand"}),
    "privileges": ("PUT", "/v1/security/privileges/repository-view/sample-view", {"actions": ["DELETE"]}),
    "roles": ("PUT", "/v1/security/roles/reader", {"description": "by hand"}),
    "users": ("PUT", "/v1/security/users/bob", {"firstName": "By hand"}),
    "email": ("PUT", "/v1/email", {"port": 2525}),
    "samlUsers": ("PUT", "/v1/security/saml/users/carol", {"lastName": "By hand", "roles": []}),
    "oauth2Users": ("PUT", "/v1/security/oauth2/users/dave", {"status": "locked"}),
    "ipAllowlist": ("PUT", "/v1/security/ip-allowlist/mode", {"mode": "DISABLED"}),
}


@pytest.fixture(scope="module")
def made(play: Play) -> Play:
    play.before = {key: play.ask("GET", READ[key], password="first-password").json() for key in ("httpProxy", "email")}
    play.wanted |= everything_else()
    play.up()
    return play


def live(play: Play, section: str) -> Any:
    found = play.ask("GET", READ[section]).json()
    return found[0] if isinstance(found, list) else found


def test_a_refresh_finds_no_drift(made: Play) -> None:
    assert "unchanged" in made.preview("--refresh", "--expect-no-changes")


def test_references_and_passwords_reach_the_server(made: Play) -> None:
    assert live(made, "repositories")["cleanup"]["policyNames"] == ["old"]
    assert made.ask("GET", "/v1/repositories/raw/proxy/sample-proxy").json()["routingRuleName"] == "no-internal"
    assert live(made, "blobStores")["softQuota"]["limit"] == 10 << 30
    assert [task["name"] for task in made.ask("GET", "/v1/tasks").json()["items"] if task["name"] == "compact"]
    assert len(made.ask("GET", "/v1/security/ssl/truststore").json()) == 1
    assert made.ask("GET", "/v1/status", password="the-bob-password").status_code == 401


@pytest.mark.parametrize("section", DRIFTS)
def test_a_preview_with_refresh_shows_drift(made: Play, section: str) -> None:
    method, path, change = DRIFTS[section]
    made.ask(method, path, {**live(made, section), **change}).raise_for_status()
    text = made.preview("--refresh")
    assert "to update" in text or "updated" in text, text
    assert "unchanged" in text


def test_an_up_with_refresh_reverts_drift(made: Play) -> None:
    text = made.up("--refresh")
    assert f"{len(DRIFTS)} updated" in text
    assert live(made, "roles")["description"] == ""
    assert "unchanged" in made.preview("--refresh", "--expect-no-changes")


@pytest.mark.parametrize("section", CHANGES)
def test_a_change_updates_one_object_and_replaces_none(made: Play, section: str) -> None:
    made.wanted = merged(made.wanted, {section: CHANGES[section]})
    text = made.up()
    assert "1 updated" in text, text
    assert "replaced" not in text


def ldap_servers(play: Play) -> list[str]:
    return [server["name"] for server in play.ask("GET", "/v1/security/ldap").json()]


def test_ldap_servers_have_the_order_of_the_stack_file(made: Play) -> None:
    declared = list(made.wanted["ldap"])
    assert ldap_servers(made) == declared
    made.wanted["ldap"] = {name: made.wanted["ldap"][name] for name in reversed(declared)}
    assert "1 updated" in made.up()
    assert ldap_servers(made) == declared[::-1]
    made.ask("POST", "/v1/security/ldap/change-order", declared).raise_for_status()
    assert "1 updated" in made.up("--refresh")
    assert ldap_servers(made) == declared[::-1]


def entries(play: Play) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = play.ask("GET", "/v1/security/ip-allowlist/entries").json()["entries"]
    return found


def test_a_deleted_entry_of_the_allow_list_is_recreated(made: Play) -> None:
    (entry,) = entries(made)
    assert entry["entry"] == "127.0.0.0/16"
    assert entry["updatedAt"]
    made.ask("DELETE", "/v1/security/ip-allowlist/entries/bulk", [entry["id"]]).raise_for_status()
    assert "1 created" in made.up("--refresh")
    assert [entry["entry"] for entry in entries(made)] == ["127.0.0.0/16"]


def test_fields_outside_of_the_changes_are_kept(made: Play) -> None:
    assert live(made, "email")["host"] == "mail.provider.test"
    assert live(made, "repositories")["cleanup"]["policyNames"] == ["old"]


def test_everything_is_removed_and_settings_get_their_prior_values(made: Play) -> None:
    for section in everything_else():
        if section not in ("passwords", "realms", "anonymousAccess"):
            made.wanted.pop(section)
    text = made.up()
    assert "deleted" in text
    for section in ("blobStores", "routingRules", "cleanupPolicies", "contentSelectors", "privileges", "roles"):
        assert made.ask("GET", READ[section]).status_code == 404, section
    assert made.ask("GET", READ["users"]).json() == []
    assert live(made, "email")["host"] == made.before["email"]["host"]
    assert live(made, "httpProxy")["httpProxy"] is None
    assert made.ask("GET", "/v1/security/ssl/truststore").json() == []
    assert live(made, "ipAllowlist")["mode"] == "DISABLED"
    assert made.ask("GET", READ["samlUsers"]).json() == []
    assert entries(made) == []
    assert ldap_servers(made) == []


def test_a_removed_oauth2_user_is_disabled_until_it_is_declared_again(made: Play) -> None:
    left = live(made, "oauth2Users")
    assert (left["status"], left["roles"]) == ("disabled", [])
    made.wanted["oauth2Users"] = {"dave": {"firstName": "Dave", "roles": ["nx-admin"]}}
    made.up()
    assert live(made, "oauth2Users")["status"] == "active"
