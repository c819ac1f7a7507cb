"""Reading and writing objects of kinds that the stand-in does not have, and errors on the way."""

from typing import Any

import pytest

from nexus.errors import AlreadyExists, AnswerLost, Ignored, Rejected, ServerFault
from nexus.kinds import KINDS
from nexus.model import PLACEHOLDER, Ref, prior_value, prior_value_text
from nexus.objects.objects import Objects
from nexus.objects.quirks import ServerVersion
from nexus.takeover import Takeover
from tests.integration.provider.fake_client import FakeClient
from tests.support.versions import NEWEST

LDAP = {
    "protocol": "LDAPS",
    "host": "ldap.domain.org",
    "port": 636,
    "searchBase": "dc=domain",
    "authScheme": "SIMPLE",
    "authUsername": "cn=nexus",
    "authPassword": "directory-secret",
}


def objects(client: FakeClient) -> Objects:
    return Objects(client)  # type: ignore[arg-type]


def of(kind: str, name: str, body: dict[str, Any], **more: Any) -> Ref:
    return Ref.of({"kind": kind, "name": name, "body": body, **more})


def released(client: FakeClient, release: str) -> FakeClient:
    client.settings["/swagger.json"] = {"info": {"version": f"{release}.0-01"}}
    return client


@pytest.mark.parametrize(("release", "protocol"), [(NEWEST, "LDAPS"), ("3.90", "ldaps")])
def test_the_spelling_of_ldap_depends_on_the_release(release: str, protocol: str) -> None:
    client = released(FakeClient("/v1/security/ldap"), release)
    ref = of("ldap", "corporate", LDAP)
    objects(client).create(ref, LDAP)
    assert client.sent[0][2]["protocol"] == protocol
    assert KINDS[ref.kind].differing(ref, client.get("/v1/security/ldap/corporate"), LDAP) == []


def test_ldap_is_refused_if_the_server_cannot_save_it() -> None:
    client = released(FakeClient("/v1/security/ldap"), "3.88")
    with pytest.raises(Rejected, match=r"save LDAP servers \(got Nexus 3\.88\)\. Fix: update Nexus to 3\.90"):
        objects(client).create(of("ldap", "corporate", LDAP), LDAP)
    assert client.sent == []


def test_of_many_equal_objects_only_the_first_is_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeClient("/v1/routing-rules")
    gets: list[str] = []
    get = client.get

    def counted(path: str, **query: str) -> Any:
        gets.append(path)
        return get(path, **query)

    monkeypatch.setattr(client, "get", counted)
    several, body = objects(client), {"matchers": ["^/x"], "mode": "BLOCK", "description": ""}
    for name in ("first", "second", "third"):
        several.create(of("routingRule", name, body), body)
    assert gets == ["/v1/routing-rules/first"]
    several.create(of("routingRule", "other", body), {**body, "mode": "ALLOW"})
    assert gets[1:] == ["/v1/routing-rules/other"]


def test_a_field_that_is_ignored_is_reported_for_every_object() -> None:
    client = FakeClient("/v1/routing-rules")
    client.changes = lambda body: {**body, "mode": "BLOCK"}
    several, body = objects(client), {"matchers": ["^/x"], "mode": "ALLOW", "description": ""}
    for name in ("first", "second"):
        with pytest.raises(Ignored, match="mode"):
            several.create(of("routingRule", name, body), body)
    assert client.stored["/v1/routing-rules"] == {}


def test_without_a_document_the_release_is_detected_from_answers() -> None:
    client = FakeClient(settings={"/v1/security/ssrf-protection": {}, "/v1/capabilities": []})
    assert ServerVersion(client).release() == "3.92"  # type: ignore[arg-type]
    assert ServerVersion(FakeClient()).release() == "3.68"  # type: ignore[arg-type]


def test_a_put_sends_secrets_again_and_keeps_undeclared_settings() -> None:
    client = released(FakeClient("/v1/security/ldap"), NEWEST)
    ref, both = of("ldap", "corporate", LDAP), objects(client)
    both.create(ref, {**LDAP, "userSubtree": True})
    both.update(ref, {**LDAP, "port": 1636})
    sent = client.sent[-1][2]
    assert (sent["port"], sent["authPassword"], sent["userSubtree"]) == (1636, "directory-secret", True)


def test_a_capability_is_found_by_its_id_and_changed_with_it_in_the_body() -> None:
    client = FakeClient("/v1/capabilities", named="id")
    body = {"type": "baseurl", "enabled": True, "properties": {"url": "https://nexus.domain.org"}}
    client.stored["/v1/capabilities"]["9"] = {"id": "9", "type": "baseurl", "properties": {"url": "other"}}
    ref = of("capability", "base-url", body)
    id_ = objects(client).create(ref, body)
    assert id_ == "2"
    changed = {**body, "enabled": False}
    objects(client).update(ref.with_id(id_), changed)
    assert client.sent[-1][:2] == ("PUT", "/v1/capabilities/2")
    assert client.sent[-1][2]["id"] == "2"
    objects(client).delete(ref.with_id(id_))
    assert list(client.stored["/v1/capabilities"]) == ["9"]


def test_an_existing_capability_is_adopted_by_its_type() -> None:
    client = FakeClient("/v1/capabilities", named="id")
    client.stored["/v1/capabilities"]["9"] = {"id": "9", "type": "audit", "enabled": False, "properties": {}}
    body = {"type": "audit", "enabled": True}
    there = of("capability", "audit", body)
    assert Takeover(objects(client)).adopt(there, objects(client).live(there) or {}, body) == ("9", True)
    assert client.stored["/v1/capabilities"]["9"]["enabled"] is True


def test_an_equal_object_is_adopted_without_a_put_that_would_drop_its_secret() -> None:
    client = released(FakeClient("/v1/security/ldap"), NEWEST)
    client.stored["/v1/security/ldap"]["corporate"] = {"name": "corporate", **LDAP}
    body = {key: value for key, value in LDAP.items() if key != "authPassword"}
    live = objects(client).live(of("ldap", "corporate", body)) or {}
    assert Takeover(objects(client)).adopt(of("ldap", "corporate", body), live, body) == ("", False)
    assert client.sent == []
    Takeover(objects(client)).adopt(of("ldap", "corporate", LDAP), live, LDAP)
    assert client.sent[-1][2]["authPassword"] == "directory-secret"


def test_a_setting_without_a_prior_value_is_removed() -> None:
    client = FakeClient()
    body = {"idpMetadata": "<xml/>", "usernameAttribute": "user"}
    ref = of("saml", "saml", body)
    objects(client).create(ref, body)
    assert client.settings["/v1/security/saml"] == body
    KINDS[ref.kind].leave(objects(client), ref, {})
    assert "/v1/security/saml" not in client.settings


def test_the_prior_value_of_a_setting_survives_later_changes() -> None:
    first = prior_value_text({"retries": None, "timeout": 20}, {"retries": 2, "timeout": 30})
    assert prior_value(first) == {"retries": None, "timeout": 20}
    later = prior_value_text(
        {"retries": 2, "timeout": 30, "userAgent": "theirs"}, {"retries": 3, "userAgent": "ours"}, first
    )
    assert prior_value(later) == {"retries": None, "timeout": 20, "userAgent": "theirs"}
    assert prior_value({"enabled": True}) == {"enabled": True}
    assert prior_value(prior_value_text(None, {"retries": 2})) is None


def test_accepting_the_eula_echoes_the_servers_text() -> None:
    client = FakeClient(settings={"/v1/system/eula": {"accepted": False, "disclaimer": "“the text”"}})
    objects(client).create(of("eula", "eula", {"accepted": True}), {"accepted": True})
    assert client.sent == [("POST", "/v1/system/eula", {"accepted": True, "disclaimer": "“the text”"})]
    objects(FakeClient()).create(of("eula", "eula", {"accepted": True}), {"accepted": True})


def test_an_ignored_field_is_named_and_the_new_object_removed() -> None:
    client = FakeClient("/v1/routing-rules")
    client.changes = lambda body: {**body, "mode": "BLOCK"}
    body = {"description": "", "mode": "ALLOW", "matchers": ["^/x"]}
    with pytest.raises(Ignored, match=r"routingRule r: Nexus does not keep mode\. Fix: remove it"):
        objects(client).create(of("routingRule", "r", body), body)
    assert client.stored["/v1/routing-rules"] == {}


def lose(error: Exception) -> Any:
    def losing() -> None:
        raise error

    return losing


@pytest.mark.parametrize("error", [AnswerLost("no answer"), ServerFault("500"), Rejected("Duplicate key")])
def test_a_create_with_a_lost_answer_succeeds_if_the_server_has_the_object(error: Exception) -> None:
    client = FakeClient("/v1/routing-rules")
    client.after_post = lose(error)
    body = {"description": "", "mode": "BLOCK", "matchers": ["^/x"]}
    objects(client).create(of("routingRule", "r", body), body)
    assert client.stored["/v1/routing-rules"]["r"]["matchers"] == ["^/x"]


def test_an_existing_object_that_differs_is_refused_with_the_fields() -> None:
    client = FakeClient("/v1/routing-rules")
    client.after_post = lose(Rejected("Duplicate key"))
    client.changes = lambda body: {**body, "matchers": ["^/theirs"]}
    body = {"description": "", "mode": "BLOCK", "matchers": ["^/x"]}
    with pytest.raises(AlreadyExists, match=r"differs in matchers \(got Duplicate key\)\. Fix: set `adopt: true`"):
        objects(client).create(of("routingRule", "r", body), body)


def test_the_routing_rule_of_a_proxy_is_sent_under_both_names() -> None:
    client = FakeClient("/v1/repositories/raw/proxy")
    body = {"online": True, "routingRuleName": "rule"}
    ref = of("repository", "p", body, format="raw", type="proxy")
    client.changes = lambda sent: {**sent, "format": "raw", "type": "proxy"}
    objects(client).create(ref, body)
    assert {client.sent[0][2][key] for key in ("routingRule", "routingRuleName")} == {"rule"}
    objects(client).update(ref, {"online": True, "routingRuleName": "other"})
    assert {client.sent[-1][2][key] for key in ("routingRule", "routingRuleName")} == {"other"}


def test_a_privilege_of_another_type_is_never_changed() -> None:
    client = FakeClient("/v1/security/privileges", "/v1/security/privileges/wildcard")
    client.stored["/v1/security/privileges"]["p"] = {"name": "p", "type": "application", "domain": "d"}
    client.after_post = lose(Rejected("Privilege 'p' already exists"))
    body = {"pattern": "nexus:*"}
    with pytest.raises(AlreadyExists, match="the name is taken by a application privilege"):
        objects(client).create(of("privilege", "p", body, type="wildcard"), body)
    assert not [sent for sent in client.sent if sent[0] == "PUT"]


def test_a_deletion_waits_for_users_of_the_object(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("nexus.objects.objects.time.sleep", waits.append)
    client = FakeClient("/v1/blobstores")
    usual, refusals = client.delete, [Rejected("BlobStore b is in use and cannot be deleted"), ServerFault("500")]

    def delete(path: str) -> None:
        if refusals:
            raise refusals.pop()
        usual(path)

    client.delete = delete  # type: ignore[method-assign]
    client.stored["/v1/blobstores"]["b"] = {"name": "b"}
    objects(client).delete(of("blobStore", "b", {}, type="file"))
    assert client.stored["/v1/blobstores"] == {}
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("shown", "differing"),
    [
        ({"url": "https://hook.test", "secret": PLACEHOLDER}, []),
        ({"url": "https://hook.test"}, []),
        ({"url": "https://hook.test", "secret": "another"}, ["properties.secret"]),
        ({"url": "https://other.test", "secret": PLACEHOLDER}, ["properties.url"]),
    ],
)
def test_a_secret_that_a_capability_does_not_show_is_no_drift(shown: dict[str, str], differing: list[str]) -> None:
    body = {"type": "webhook.global", "properties": {"url": "https://hook.test", "secret": "hmac"}}
    ref = of("capability", "hook", body)
    live = {"type": "webhook.global", "enabled": True, "properties": shown}
    assert KINDS["capability"].differing(ref, live, body) == differing
