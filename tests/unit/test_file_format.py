"""Formats that existing states and stack files depend on: a change here affects every existing stack."""

import base64

import dill

from nexus.kinds import KINDS
from nexus.provider import NexusProvider
from nexus.resources import _CLASSES, NexusObject
from stacks.topology.sections import KIND_OF, RESTORED


def test_the_type_tokens_are_unchanged() -> None:
    assert {kind: cls._resource_type_name for kind, cls in _CLASSES.items()} == {
        "blobStore": "dynamic/nexus:BlobStore",
        "routingRule": "dynamic/nexus:RoutingRule",
        "cleanupPolicy": "dynamic/nexus:CleanupPolicy",
        "repository": "dynamic/nexus:Repository",
        "hostedRepositories": "dynamic/nexus:HostedRepositories",
        "contentSelector": "dynamic/nexus:ContentSelector",
        "privilege": "dynamic/nexus:Privilege",
        "role": "dynamic/nexus:Role",
        "user": "dynamic/nexus:User",
        "ldap": "dynamic/nexus:LdapServer",
        "ldapOrder": "dynamic/nexus:LdapOrder",
        "samlUser": "dynamic/nexus:SamlUser",
        "oauth2User": "dynamic/nexus:OAuth2User",
        "ipAllowlist": "dynamic/nexus:IpAllowlist",
        "ipAllowlistEntry": "dynamic/nexus:IpAllowlistEntry",
        "truststore": "dynamic/nexus:TrustedCertificate",
        "realms": "dynamic/nexus:Realms",
        "anonymous": "dynamic/nexus:AnonymousAccess",
        "saml": "dynamic/nexus:Saml",
        "oauth2": "dynamic/nexus:OAuth2",
        "crowd": "dynamic/nexus:Crowd",
        "userTokens": "dynamic/nexus:UserTokens",
        "ssrfProtection": "dynamic/nexus:SsrfProtection",
        "password": "dynamic/nexus:Password",
        "encryption": "dynamic/nexus:Encryption",
        "email": "dynamic/nexus:Email",
        "http": "dynamic/nexus:Http",
        "iq": "dynamic/nexus:IqServer",
        "capability": "dynamic/nexus:Capability",
        "task": "dynamic/nexus:Task",
        "script": "dynamic/nexus:Script",
        "eula": "dynamic/nexus:Eula",
        "telemetryAcknowledgement": "dynamic/nexus:TelemetryAcknowledgement",
    }
    assert set(_CLASSES) == set(KINDS)
    assert all(issubclass(cls, NexusObject) for cls in _CLASSES.values())


def test_the_keys_of_the_stack_file_are_unchanged() -> None:
    assert KIND_OF == {
        "blobStores": "blobStore",
        "routingRules": "routingRule",
        "cleanupPolicies": "cleanupPolicy",
        "repositories": "repository",
        "scripts": "script",
        "contentSelectors": "contentSelector",
        "privileges": "privilege",
        "roles": "role",
        "users": "user",
        "samlUsers": "samlUser",
        "oauth2Users": "oauth2User",
        "ipAllowlistEntries": "ipAllowlistEntry",
        "truststore": "truststore",
        "ldap": "ldap",
        "capabilities": "capability",
        "tasks": "task",
        "ssrfProtection": "ssrfProtection",
        "ipAllowlist": "ipAllowlist",
        "httpProxy": "http",
        "saml": "saml",
        "oauth2": "oauth2",
        "crowd": "crowd",
        "userTokens": "userTokens",
        "email": "email",
        "iqServer": "iq",
        "telemetryAcknowledgement": "telemetryAcknowledgement",
    }
    assert set(RESTORED) == {
        "realms",
        "anonymousAccess",
        "ssrfProtection",
        "ipAllowlist",
        "httpProxy",
        "saml",
        "oauth2",
        "crowd",
        "userTokens",
        "email",
        "iqServer",
    }


def test_the_provider_is_stored_by_its_dotted_path() -> None:
    stored = dill.dumps(NexusProvider())
    assert b"nexus.provider" in stored
    assert b"NexusProvider" in stored
    assert len(base64.b64encode(stored)) < 100
