"""The kinds of object that the provider manages. Another kind is another row."""

from collections.abc import Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from nexus.fingerprint import fingerprint
from nexus.kind import Kind, Shape


def _address(entry: Mapping[str, Any]) -> str:
    """An address of the allow list, declared or answered."""
    return str(entry["ipOrCidr"] if "ipOrCidr" in entry else entry["entry"])


_STORAGE = {
    "blobStore": Kind(
        token="BlobStore",
        shape=Shape.COLLECTION,
        create="/v1/blobstores/{type}",
        item="/v1/blobstores/{type}/{name}",
        remove="/v1/blobstores/{name}",
        listing="/v1/blobstores",
        replaces=frozenset({("path",), ("bucketConfiguration", "bucket", "name")}),
        # A group reads its members in any order.
        unordered=frozenset({("members",)}),
        unlisted=frozenset({"path"}),
    ),
    "routingRule": Kind(
        token="RoutingRule",
        shape=Shape.COLLECTION,
        create="/v1/routing-rules",
        item="/v1/routing-rules/{name}",
        remove="/v1/routing-rules/{name}",
        listing="/v1/routing-rules",
        upper=frozenset({("mode",)}),
    ),
    "cleanupPolicy": Kind(
        token="CleanupPolicy",
        shape=Shape.COLLECTION,
        create="/v1/cleanup-policies",
        item="/v1/cleanup-policies/{name}",
        remove="/v1/cleanup-policies/{name}",
        listing="/v1/cleanup-policies",
        # The public one needs a Pro licence, and one release has it under the other name only.
        fallback=("/v1/cleanup-policies", "/internal/cleanup-policies"),
    ),
    "repository": Kind(
        token="Repository",
        shape=Shape.COLLECTION,
        create="/v1/repositories/{format}/{type}",
        item="/v1/repositories/{format}/{type}/{name}",
        remove="/v1/repositories/{name}",
        listing="/v1/repositorySettings",
        answered=MappingProxyType({"routingRule": "routingRuleName"}),
        replaces=frozenset({("storage", "blobStoreName")}),
        unordered=frozenset({("cleanup", "policyNames")}),
        upper=frozenset({("storage", "writePolicy")}),
        # Accepted and not given back by many versions since 3.84; replication by none.
        unreadable=frozenset({("storage", "latestPolicy"), ("replication",)}),
    ),
    "hostedRepositories": Kind(token="HostedRepositories", shape=Shape.INVENTORY),
}

_SECURITY = {
    "contentSelector": Kind(
        token="ContentSelector",
        shape=Shape.COLLECTION,
        create="/v1/security/content-selectors",
        item="/v1/security/content-selectors/{name}",
        remove="/v1/security/content-selectors/{name}",
        listing="/v1/security/content-selectors",
    ),
    "privilege": Kind(
        token="Privilege",
        shape=Shape.COLLECTION,
        create="/v1/security/privileges/{type}",
        item="/v1/security/privileges/{type}/{name}",
        read="/v1/security/privileges/{name}",
        remove="/v1/security/privileges/{name}",
        listing="/v1/security/privileges",
        # A PUT through the path of another type damages the privilege for good.
        typed="type",
        actions=frozenset({("actions",)}),
    ),
    "role": Kind(
        token="Role",
        shape=Shape.COLLECTION,
        create="/v1/security/roles",
        item="/v1/security/roles/{name}",
        remove="/v1/security/roles/{name}",
        listing="/v1/security/roles",
        identity="id",
        unordered=frozenset({("privileges",), ("roles",)}),
    ),
    "user": Kind(
        token="User",
        shape=Shape.COLLECTION,
        create="/v1/security/users",
        item="/v1/security/users/{name}",
        remove="/v1/security/users/{name}",
        # A prefix match that ignores case: the exact one is picked from the answer.
        lookup="/v1/security/users?userId={name}&source=default",
        listing="/v1/security/users?source=default",
        password="/v1/security/users/{name}/change-password",
        identity="userId",
        constants=MappingProxyType({"source": "default"}),
        unordered=frozenset({("roles",)}),
    ),
    "ldap": Kind(
        token="LdapServer",
        shape=Shape.COLLECTION,
        create="/v1/security/ldap",
        item="/v1/security/ldap/{name}",
        remove="/v1/security/ldap/{name}",
        listing="/v1/security/ldap",
        upper=frozenset({("protocol",), ("authScheme",), ("groupType",)}),
    ),
    "ldapOrder": Kind(
        token="LdapOrder",
        shape=Shape.SETTING,
        change="/v1/security/ldap/change-order",
        read="/v1/security/ldap",
        wrapped="names",
        sequence="name",
    ),
    "truststore": Kind(
        token="TrustedCertificate",
        shape=Shape.COLLECTION,
        create="/v1/security/ssl/truststore",
        remove="/v1/security/ssl/truststore/{id}",
        listing="/v1/security/ssl/truststore",
        identity="",
        assigned="id",
        key=fingerprint,
        wrapped="pem",
        replaces=frozenset({("pem",)}),
    ),
    "realms": Kind(token="Realms", shape=Shape.SETTING, item="/v1/security/realms/active", wrapped="active"),
    "anonymous": Kind(token="AnonymousAccess", shape=Shape.SETTING, item="/v1/security/anonymous"),
    "saml": Kind(token="Saml", shape=Shape.SETTING, item="/v1/security/saml", remove="/v1/security/saml"),
    "oauth2": Kind(token="OAuth2", shape=Shape.SETTING, item="/v1/security/oauth2", remove="/v1/security/oauth2"),
    "samlUser": Kind(
        token="SamlUser",
        shape=Shape.COLLECTION,
        create="/v1/security/saml/users",
        item="/v1/security/saml/users/{name}",
        remove="/v1/security/saml/users/{name}",
        listing="/v1/security/saml/users",
        identity="userId",
        unordered=frozenset({("roles",)}),
    ),
    "oauth2User": Kind(
        token="OAuth2User",
        shape=Shape.COLLECTION,
        create="/v1/security/oauth2/users",
        item="/v1/security/oauth2/users/{name}",
        listing="/v1/security/oauth2/users",
        identity="userId",
        farewell=MappingProxyType({"status": "disabled", "roles": []}),
        unordered=frozenset({("roles",)}),
    ),
    "crowd": Kind(token="Crowd", shape=Shape.SETTING, item="/v1/security/atlassian-crowd"),
    "userTokens": Kind(
        token="UserTokens",
        shape=Shape.SETTING,
        item="/v1/security/user-tokens",
    ),
    "ssrfProtection": Kind(
        token="SsrfProtection",
        shape=Shape.SETTING,
        item="/v1/security/ssrf-protection",
        unordered=frozenset({("allowedIPs",), ("allowedDomains",)}),
    ),
    "ipAllowlist": Kind(
        token="IpAllowlist",
        shape=Shape.SETTING,
        item="/v1/security/ip-allowlist/mode",
        read="/v1/security/ip-allowlist",
        closed=MappingProxyType({"mode": "ENFORCE"}),
        admits="/v1/security/ip-allowlist/current-ip",
    ),
    "ipAllowlistEntry": Kind(
        token="IpAllowlistEntry",
        shape=Shape.COLLECTION,
        create="/v1/security/ip-allowlist/entries",
        item="/v1/security/ip-allowlist/entries/{id}",
        bulk="/v1/security/ip-allowlist/entries/bulk",
        listing="/v1/security/ip-allowlist/entries",
        page="entries",
        identity="",
        assigned="id",
        key=_address,
        answered=MappingProxyType({"ipOrCidr": "entry"}),
    ),
    "password": Kind(token="Password", shape=Shape.PASSWORD, item="/v1/security/users/{name}/change-password"),
}

_SYSTEM = {
    "email": Kind(token="Email", shape=Shape.SETTING, item="/v1/email", remove="/v1/email"),
    "http": Kind(
        token="Http",
        shape=Shape.SETTING,
        item="/v1/http",
        remove="/v1/http",
        unordered=frozenset({("nonProxyHosts",)}),
    ),
    "iq": Kind(token="IqServer", shape=Shape.SETTING, item="/v1/iq"),
    "capability": Kind(
        token="Capability",
        shape=Shape.COLLECTION,
        create="/v1/capabilities",
        item="/v1/capabilities/{id}",
        remove="/v1/capabilities/{id}",
        listing="/v1/capabilities",
        identity="",
        assigned="id",
        key=itemgetter("type"),
        replaces=frozenset({("type",)}),
    ),
    "task": Kind(
        token="Task",
        shape=Shape.COLLECTION,
        create="/v1/tasks",
        item="/v1/tasks/{id}",
        remove="/v1/tasks/{id}",
        listing="/v1/tasks",
        page="items",
        assigned="id",
        key=itemgetter("name"),
        folded=MappingProxyType(
            {"frequency": ("schedule", "cronExpression", "recurringDays", "startDate", "timeZoneOffset")}
        ),
        replaces=frozenset({("type",)}),
        # Answered from 3.92 on.
        sparse=frozenset(
            {"enabled", "alertEmail", "notificationCondition", "properties", "frequency", "concurrentRun"}
        ),
    ),
    "script": Kind(
        token="Script",
        shape=Shape.COLLECTION,
        create="/v1/script",
        item="/v1/script/{name}",
        remove="/v1/script/{name}",
        listing="/v1/script",
    ),
    "eula": Kind(token="Eula", shape=Shape.AGREEMENT, item="/v1/system/eula"),
    "telemetryAcknowledgement": Kind(
        token="TelemetryAcknowledgement",
        shape=Shape.AGREEMENT,
        item="/v1/system/mandatory-telemetry-acknowledgement",
    ),
}

KINDS = MappingProxyType({**_STORAGE, **_SECURITY, **_SYSTEM})
