"""What is read of a Terraform state: types, names and ids of both providers, and nothing else.

The states are written here after the format of version 4 and the documented resources of both providers
(datadrivers/nexus 2.6, sonatype-nexus-community/sonatyperepo 1.x); no Terraform wrote them.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from exports import terraform
from exports.adoption import Adoption
from exports.inventory import Found
from exports.terraform import WrongState
from nexus.model import Ref
from stacks.topology.sections import SECTIONS

SECRET = "hunter2-in-the-state"


def resource(type_: str, name: str, *attributes: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    keys: list[Any] = more.pop("keys", [None] * len(attributes))
    instances = [
        {
            "schema_version": 0,
            "attributes": held,
            "sensitive_attributes": [],
            **({} if key is None else {"index_key": key}),
        }
        for held, key in zip(attributes, keys, strict=True)
    ]
    provider = 'provider["registry.domain.org/team/nexus"]'
    return {"mode": "managed", "type": type_, "name": name, "provider": provider, "instances": instances, **more}


def state(*resources: Mapping[str, Any], version: int = 4) -> str:
    head = {"version": version, "terraform_version": "1.9.8", "serial": 7, "lineage": "0c0f", "outputs": {}}
    return json.dumps({**head, "resources": list(resources), "check_results": None})


DATADRIVERS = state(
    resource("nexus_repository_raw_hosted", "files", {"id": "files", "name": "files", "online": False}),
    resource(
        "nexus_repository_maven_proxy", "mirror",
        {"id": "central", "name": "central", "http_client": [{"authentication": [{"password": SECRET}]}]},
    ),
    resource("nexus_blobstore_file", "store", {"id": "own", "name": "own", "path": "own"}),
    resource(
        "nexus_security_user", "people",
        {"id": "carl.old", "userid": "carl.old", "password": SECRET, "roles": ["deploy"]},
        {"id": "gone", "userid": "gone", "password": SECRET},
        keys=["carl", "gone"],
    ),
    resource("nexus_security_role", "deploy", {"id": "deploy", "roleid": "deploy", "name": "Deploys things"}),
    resource("nexus_security_ssl_truststore", "corporate", {"id": "ab:cd", "pem": "-----BEGIN"}),
    resource("nexus_capability", "audit_log", {"id": "c-1", "type": "audit"}, module="module.security"),
    resource("nexus_security_realms", "active", {"id": "active", "active": ["NexusAuthenticatingRealm"]}),
    resource("nexus_security_ldap_order", "order", {"id": "ldap", "order": ["one"]}),
    resource("nexus_something_new", "later", {"id": "x"}),
    resource("nexus_repository", "read", {"id": "read"}, mode="data"),
    resource("random_password", "ci", {"id": "none", "result": SECRET}),
)  # fmt: skip
SONATYPE = state(
    resource("sonatyperepo_repository_maven_hosted", "files", {"name": "files", "last_updated": "now"}),
    resource("sonatyperepo_blob_store_s3", "store", {"name": "own", "bucket_configuration": {"secret": SECRET}}),
    resource("sonatyperepo_user", "carl", {"user_id": "carl.old", "password": SECRET, "source": "default"}),
    resource("sonatyperepo_role", "deploy", {"id": "deploy", "name": "Deploys things"}),
    resource("sonatyperepo_security_ssl_truststore", "corporate", {"id": "ab:cd", "pem": "-----BEGIN"}),
    resource("sonatyperepo_capability_audit", "audit_log", {"id": "c-1"}),
    resource("sonatyperepo_system_config_product_license", "pro", {"id": "licence"}),
)


def found(section: str, kind: str, name: str, body: Mapping[str, Any], id_: str = "") -> Found:
    place = ("raw", "hosted") if kind == "repository" else ("", "")
    return Found(section, name, Ref(kind, name, *place, id_), body)


SERVER = Adoption(
    objects=(
        found("blobStores", "blobStore", "own", {"path": "own"}),
        found("blobStores", "blobStore", "spare", {"path": "spare"}),
        found("repositories", "repository", "files", {"storage": {"blobStoreName": "own"}}),
        found("privileges", "privilege", "files-all", {"repository": "files"}),
        found("roles", "role", "deploy", {"privileges": ["files-all"], "roles": []}),
        found("roles", "role", "Deploys things", {"privileges": [], "roles": []}),
        found("users", "user", "carl.old", {"roles": ["deploy"]}),
        found("users", "user", "bob", {"roles": []}),
        found("truststore", "truststore", "provider-ca", {"pem": "x"}, "ab:cd"),
        found("capabilities", "capability", "audit-c-1", {"type": "audit"}, "c-1"),
    ),
    settings={"realms": ["NexusAuthenticatingRealm"], "anonymousAccess": {"enabled": False}},
    shipped={"repositories": ("central",)},
)


@pytest.mark.parametrize("text", [DATADRIVERS, SONATYPE], ids=["datadrivers", "sonatype"])
def test_only_what_terraform_manages_is_declared_with_what_it_refers_to(text: str) -> None:
    names = terraform.names(text)
    adopted = SERVER.named_by(names)
    assert {each.key for each in adopted.objects} == {
        "blobStores.own", "repositories.files", "privileges.files-all", "roles.deploy", "users.carl.old",
        "truststore.corporate", "capabilities.audit_log",
    }  # fmt: skip
    assert set(SERVER.beside(names)) == {
        "blobStores.spare",
        "privileges.files-all",
        "roles.Deploys things",
        "users.bob",
    }
    assert "realms" in adopted.settings or "sonatype" in text
    assert "anonymousAccess" not in adopted.settings


def test_the_realms_are_declared_only_if_terraform_manages_them() -> None:
    assert set(SERVER.named_by(terraform.names(DATADRIVERS)).settings) == {"realms"}
    assert set(SERVER.named_by(terraform.names(SONATYPE)).settings) == set()


def test_what_the_server_has_not_and_what_no_section_has_is_named() -> None:
    names = terraform.names(DATADRIVERS)
    assert SERVER.gone(names) == ['nexus_security_user.people["gone"]']
    assert set(names.unknown) == {"nexus_security_ldap_order.order", "nexus_something_new.later"}
    assert set(terraform.names(SONATYPE).unknown) == {"sonatyperepo_system_config_product_license.pro"}
    assert any(each.address == "module.security.nexus_capability.audit_log" for each in names.managed)


@pytest.mark.parametrize("text", [DATADRIVERS, SONATYPE], ids=["datadrivers", "sonatype"])
def test_no_secret_and_no_other_attribute_is_kept(text: str) -> None:
    kept = repr(terraform.names(text))
    assert SECRET not in kept
    assert not [
        each for each in ("BEGIN", "Deploys things", "NexusAuthenticatingRealm", "last_updated") if each in kept
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is not a state of version 4"),
        (state(version=3), r"it is not a state of version 4 \(got 3\)"),
        (
            state(resource("random_password", "ci", {"id": "none"})),
            "nothing in it is of a Terraform provider for Nexus",
        ),
    ],
)
def test_another_file_is_refused(text: str, problem: str) -> None:
    with pytest.raises(WrongState, match=problem):
        terraform.names(text)


# Every type that the two providers document, without the repositories, which share a start.
DOCUMENTED = """
nexus_blobstore_azure nexus_blobstore_file nexus_blobstore_group nexus_blobstore_s3 nexus_capability
nexus_cleanup_policy nexus_http_client nexus_iqserver nexus_mail_config nexus_privilege_application
nexus_privilege_repository_admin nexus_privilege_repository_content_selector nexus_privilege_repository_view
nexus_privilege_script nexus_privilege_wildcard nexus_repository_docker_hosted nexus_routing_rule nexus_script
nexus_security_anonymous nexus_security_content_selector nexus_security_ldap nexus_security_oidc nexus_security_realms
nexus_security_role nexus_security_saml nexus_security_ssl_truststore nexus_security_user nexus_security_user_token
nexus_task sonatyperepo_blob_store_acs sonatyperepo_blob_store_file sonatyperepo_blob_store_gcs
sonatyperepo_blob_store_group sonatyperepo_blob_store_s3 sonatyperepo_capability_base_url sonatyperepo_cleanup_policy
sonatyperepo_content_selector sonatyperepo_privilege_application sonatyperepo_repository_ruby_gems_proxy
sonatyperepo_role sonatyperepo_routing_rule sonatyperepo_security_oauth2 sonatyperepo_security_realms
sonatyperepo_security_saml sonatyperepo_security_ssl_truststore sonatyperepo_security_ssrf_protection
sonatyperepo_security_user_tokens sonatyperepo_system_anonymous_access sonatyperepo_system_config_http
sonatyperepo_system_config_ldap_connection sonatyperepo_system_config_mail sonatyperepo_system_iq_connection
sonatyperepo_task_blobstore_compact sonatyperepo_user
"""


@pytest.mark.parametrize("type_", DOCUMENTED.split())
def test_every_documented_type_has_its_section(type_: str) -> None:
    (managed,) = terraform.names(state(resource(type_, "one", {"id": "x", "name": "x"}))).managed
    assert set(managed.sections) <= {*SECTIONS, "realms", "anonymousAccess"}
