"""The published client creates, reads, changes and deletes objects of every kind; its models accept every answer."""

from typing import Any

import pytest
from nexus_api_client.exceptions import BadRequestException, NotFoundException

from tests.conformance.contract.bodies import RECIPES, repository
from tests.conformance.contract.stand_in import Server
from tests.conformance.stand_in.kinds import Body, Kind
from tests.conformance.stand_in.objects_blob_stores import BLOB_STORES
from tests.conformance.stand_in.objects_security import SECURITY
from tests.conformance.stand_in.objects_settings import SETTINGS
from tests.conformance.stand_in.objects_system import SYSTEM
from tests.conformance.stand_in.published_client import PublishedClient

REPOSITORIES = "RepositoryManagementApi"


@pytest.fixture(scope="module")
def client(server: Server) -> PublishedClient:
    """A client for a server with the objects that others refer to."""
    made = PublishedClient(server)
    made.call("BlobStoreApi", "create_blobstores_file", {"name": "member", "path": "member"})
    made.call("ScriptApi", "create_script", {"name": "kept", "type": "groovy", "content": "1"})
    made.call("ContentSelectorsApi", "create_security_content_selectors", {"name": "kept", "expression": 'path =^ "/"'})
    made.call("SecurityManagementUserTokensApi", "update_security_user_tokens", {"enabled": True})
    return made


def method(verb: str, noun: str) -> str:
    return verb if "_" in verb else f"{verb}_{noun}"


def contains(shown: Any, sent: Any, hidden: frozenset[str]) -> bool:
    """Whether an answer has all sent fields, except the hidden ones."""
    if isinstance(sent, dict):
        return all(contains(shown.get(name), value, hidden) for name, value in sent.items() if name not in hidden)
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(contains(*pair, hidden) for pair in zip(shown, sent, strict=True))
    return bool(shown == sent)


class Object:
    """One object on the server, managed by the published client."""

    def __init__(self, client: PublishedClient, kind: Kind) -> None:
        self._client, self._kind = client, kind
        self.body = kind.body() if callable(kind.body) else kind.body
        self._key = self._identity = ""

    def create(self) -> None:
        kind = self._kind
        if self.body is None:
            self._key = self._identity = kind.key
            self._client.call(kind.api, method(kind.create, kind.noun), self._key, *kind.extra)
            return
        media = {"_headers": {"Content-Type": kind.media}} if kind.media else {}
        answer = self._client.call(kind.api, method(kind.create, kind.noun), self.body, **media)
        self._identity = self.body[kind.key] if isinstance(self.body, dict) else self.body
        self._key = answer[kind.created] if kind.created and answer else self._identity

    def read(self) -> Any:
        """The object as shown by the server, or None."""
        kind = self._kind
        if kind.read in ("list", "raw list"):
            call = self._client.raw if kind.read == "raw list" else self._client.call
            listed = call(kind.api, f"list_{kind.noun}")
            listed = listed[kind.items] if kind.items else listed
            wanted = [one for one in listed if one[kind.named or kind.key] == self._identity]
            return wanted[0] if wanted else None
        try:
            return self._client.call(kind.api, method(kind.read, kind.noun), self._key, *kind.extra)
        except NotFoundException:
            return None

    def change(self, shown: Body) -> Body:
        kind = self._kind
        sent = (kind.update_body or (lambda body, change: {**body, **change}))(self.body, kind.change)
        if kind.read == "list" and "id" in shown:
            self._key = shown["id"]
            sent = {**sent, **({"id": self._key} if kind.created else {})}
        self._client.call(kind.api, method(kind.update, kind.noun), self._key, sent)
        self.body = {**self.body, **kind.change}
        self._identity = self.body[kind.key]
        return sent

    def delete(self) -> None:
        kind = self._kind
        key = [self._key] if kind.delete.endswith("_bulk") else self._key
        self._client.call(kind.api, method(kind.delete, kind.noun), key, *kind.extra)


@pytest.mark.parametrize("kind", [*BLOB_STORES, *SECURITY, *SYSTEM], ids=lambda kind: kind.name)
def test_an_object_of_a_kind_is_created_changed_and_deleted(client: PublishedClient, kind: Kind) -> None:
    handled = Object(client, kind)
    handled.create()
    shown = handled.read()
    if isinstance(handled.body, dict):
        assert contains(shown, handled.body, kind.hidden), (shown, handled.body)
    assert shown is not None
    if kind.update:
        handled.change(shown)
        shown = handled.read()
        assert contains(shown, handled.body, kind.hidden), (shown, handled.body)
    if kind.delete:
        handled.delete()
        assert handled.read() is None


@pytest.mark.parametrize("kind", SETTINGS, ids=lambda kind: kind.name)
def test_settings_are_changed_and_reset(client: PublishedClient, kind: Kind) -> None:
    bodies = [kind.body] if isinstance(kind.body, list) else [kind.body, {**kind.body, **kind.change}]
    for body in bodies:
        client.call(kind.api, f"update_{kind.noun}", body)
        shown = client.call(kind.api, f"list_{kind.noun}")
        assert contains(shown, body, kind.hidden), (shown, body)
    if kind.delete:
        client.call(kind.api, f"delete_{kind.noun}")


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_repository_of_a_format_and_type_is_created_changed_and_deleted(client: PublishedClient, recipe: str) -> None:
    fmt, kind = recipe.split("/")
    noun = f"{fmt}_{kind}_repository"
    members: tuple[str, ...] = ()
    if kind == "group":
        members = (f"{fmt}-member",)
        client.call(REPOSITORIES, f"create_{fmt}_hosted_repository", repository(f"{fmt}/hosted", members[0]))
    body = repository(recipe, f"client-{fmt}-{kind}", members=members)
    client.call(REPOSITORIES, f"create_{noun}", body)
    for change in ({}, {"online": False}):
        if change:
            client.call(REPOSITORIES, f"update_{noun}", body["name"], {**body, **change})
        shown = client.call(REPOSITORIES, f"get_{noun}", body["name"])
        assert contains(shown, {**body, **change}, frozenset({"passphrase", "keypair"})), shown
    assert body["name"] in [one["name"] for one in client.call(REPOSITORIES, "get_all_repositories")]
    assert body["name"] in [one["name"] for one in client.call(REPOSITORIES, "list_repository_settings")]
    client.call(REPOSITORIES, "delete_repositories", body["name"])
    with pytest.raises(NotFoundException):
        client.call(REPOSITORIES, f"get_{noun}", body["name"])


def test_a_blob_store_can_be_converted_to_a_group(client: PublishedClient) -> None:
    client.call("BlobStoreApi", "create_blobstores_file", {"name": "growing", "path": "growing"})
    group = client.call("BlobStoreApi", "create_blobstores_group_convert", "growing", "growing-original")
    assert group["members"] == ["growing-original"]
    assert client.call("BlobStoreApi", "get_blobstores_file", "growing-original")["path"] == "growing"


def test_the_firewall_can_audit_proxies_only(client: PublishedClient) -> None:
    api = "ManageSonatypeRepositoryFirewallConfigurationApi"
    audit = {"repositoryName": "maven-central", "enabled": True, "enabledQuarantine": False}
    client.call(api, "update_iq_audit", audit)
    assert audit in client.call(api, "list_iq_audit")
    with pytest.raises(BadRequestException):
        client.call(api, "update_iq_audit", {**audit, "repositoryName": "maven-releases"})


def test_the_eula_and_telemetry_can_be_acknowledged(client: PublishedClient) -> None:
    asked = client.call("CommunityEditionEulaApi", "list_system_eula")
    client.call("CommunityEditionEulaApi", "create_system_eula", {**asked, "accepted": True})
    assert client.call("CommunityEditionEulaApi", "list_system_eula")["accepted"] is True
    api, noun = "MandatoryTelemetryAcknowledgementApi", "system_mandatory_telemetry_acknowledgement"
    client.call(api, f"create_{noun}", {"acknowledgement": True})
    assert client.call(api, f"list_{noun}")["acknowledgement"] is True


@pytest.mark.parametrize(
    ("api", "listing"),
    [
        ("BlobStoreApi", "list_blobstores"),
        ("SecurityManagementRolesApi", "list_security_roles"),
        ("SecurityManagementRealmsApi", "list_security_realms_available"),
        ("SecurityManagementApi", "list_security_user_sources"),
        ("CapabilitiesApi", "list_capabilities_types"),
        ("TasksApi", "list_tasks_templates"),
        ("TasksApi", "list_tasks"),
        ("SecurityIPAllowListApi", "list_security_ip_allowlist"),
        ("SecurityIPAllowListApi", "list_security_ip_allowlist_current_ip"),
    ],
)
def test_lists_fit_the_models(client: PublishedClient, api: str, listing: str) -> None:
    assert client.call(api, listing)
