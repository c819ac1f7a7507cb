"""Users, roles, privileges and how clients log in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nexus.kinds.fingerprint import fingerprint
from nexus.kinds.kind import Kind, Shape
from nexus.kinds.paths import REMOTE, listed
from nexus.model import Path


def _address(entry: Mapping[str, Any]) -> str:
    """The address of an allow list entry, in a declaration or an answer."""
    return str(entry["ipOrCidr"] if "ipOrCidr" in entry else entry["entry"])


_ROLES: Mapping[Path, str] = MappingProxyType({("roles",): "role"})

SECURITY = {
    "contentSelector": Kind(
        token="ContentSelector",
        shape=Shape.COLLECTION,
        section="contentSelectors",
        **listed("/v1/security/content-selectors"),
    ),
    "privilege": Kind(
        token="Privilege",
        shape=Shape.COLLECTION,
        section="privileges",
        refers=MappingProxyType(
            {("repository",): "repository", ("contentSelector",): "contentSelector", ("scriptName",): "script"}
        ),
        create="/v1/security/privileges/{type}",
        item="/v1/security/privileges/{type}/{name}",
        read="/v1/security/privileges/{name}",
        remove="/v1/security/privileges/{name}",
        listing="/v1/security/privileges",
        # A PUT through the path of another type damages the privilege for good.
        type_field="type",
        actions=frozenset({("actions",)}),
    ),
    "role": Kind(
        token="Role",
        shape=Shape.COLLECTION,
        section="roles",
        refers=MappingProxyType(
            {("privileges",): "privilege", ("roles",): "role", ("pull",): "repository", ("push",): "repository"}
        ),
        **listed("/v1/security/roles"),
        identity="id",
        unordered=frozenset({("privileges",), ("roles",)}),
    ),
    "user": Kind(
        token="User",
        shape=Shape.COLLECTION,
        section="users",
        refers=_ROLES,
        create="/v1/security/users",
        item="/v1/security/users/{name}",
        remove="/v1/security/users/{name}",
        # A prefix match that ignores case: the exact one is picked from the answer.
        lookup="/v1/security/users?userId={name}&source=default",
        listing="/v1/security/users?source=default",
        password="/v1/security/users/{name}/change-password",
        identity="userId",
        constants=MappingProxyType({"source": "default"}),
        # As shipped: any other role given here would stay with clients that do not log in.
        permanent=MappingProxyType({"anonymous": {"roles": ["nx-anonymous"]}}),
        unordered=frozenset({("roles",)}),
    ),
    "ldap": Kind(
        token="LdapServer",
        shape=Shape.COLLECTION,
        section="ldap",
        after=REMOTE,
        **listed("/v1/security/ldap"),
        upper=frozenset({("protocol",), ("authScheme",), ("groupType",)}),
    ),
    "ldapOrder": Kind(
        token="LdapOrder",
        shape=Shape.SETTING,
        change="/v1/security/ldap/change-order",
        read="/v1/security/ldap",
        body_key="names",
        sequence="name",
    ),
    "truststore": Kind(
        token="TrustedCertificate",
        shape=Shape.COLLECTION,
        section="truststore",
        create="/v1/security/ssl/truststore",
        remove="/v1/security/ssl/truststore/{id}",
        listing="/v1/security/ssl/truststore",
        identity="",
        id_field="id",
        key=fingerprint,
        body_key="pem",
        replaces=frozenset({("pem",)}),
    ),
    "realms": Kind(
        token="Realms",
        shape=Shape.SETTING,
        section="realms",
        apart=True,
        after=("ldap", "saml", "oauth2", "crowd", "userTokens"),
        item="/v1/security/realms/active",
        body_key="active",
    ),
    "anonymous": Kind(
        token="AnonymousAccess",
        shape=Shape.SETTING,
        section="anonymousAccess",
        apart=True,
        item="/v1/security/anonymous",
        added_fields=frozenset({"userId", "realmName"}),
    ),
    "saml": Kind(
        token="Saml",
        shape=Shape.SETTING,
        section="saml",
        after=REMOTE,
        item="/v1/security/saml",
        remove="/v1/security/saml",
    ),
    "oauth2": Kind(
        token="OAuth2",
        shape=Shape.SETTING,
        section="oauth2",
        after=REMOTE,
        item="/v1/security/oauth2",
        remove="/v1/security/oauth2",
    ),
    "samlUser": Kind(
        token="SamlUser",
        shape=Shape.COLLECTION,
        section="samlUsers",
        after=("saml",),
        refers=_ROLES,
        **listed("/v1/security/saml/users"),
        identity="userId",
        unordered=frozenset({("roles",)}),
    ),
    "oauth2User": Kind(
        token="OAuth2User",
        shape=Shape.COLLECTION,
        section="oauth2Users",
        after=("oauth2",),
        refers=_ROLES,
        create="/v1/security/oauth2/users",
        item="/v1/security/oauth2/users/{name}",
        listing="/v1/security/oauth2/users",
        identity="userId",
        disabled_state=MappingProxyType({"status": "disabled", "roles": []}),
        unordered=frozenset({("roles",)}),
    ),
    "crowd": Kind(
        token="Crowd", shape=Shape.SETTING, section="crowd", after=REMOTE, item="/v1/security/atlassian-crowd"
    ),
    "userTokens": Kind(token="UserTokens", shape=Shape.SETTING, section="userTokens", item="/v1/security/user-tokens"),
    "ssrfProtection": Kind(
        token="SsrfProtection",
        shape=Shape.SETTING,
        section="ssrfProtection",
        item="/v1/security/ssrf-protection",
        unordered=frozenset({("allowedIPs",), ("allowedDomains",)}),
    ),
    "ipAllowlist": Kind(
        token="IpAllowlist",
        shape=Shape.SETTING,
        section="ipAllowlist",
        after=("ipAllowlistEntry",),
        item="/v1/security/ip-allowlist/mode",
        read="/v1/security/ip-allowlist",
        enforcing_values=MappingProxyType({"mode": "ENFORCE"}),
        client_address_path="/v1/security/ip-allowlist/current-ip",
    ),
    "ipAllowlistEntry": Kind(
        token="IpAllowlistEntry",
        shape=Shape.COLLECTION,
        section="ipAllowlistEntries",
        create="/v1/security/ip-allowlist/entries",
        item="/v1/security/ip-allowlist/entries/{id}",
        bulk="/v1/security/ip-allowlist/entries/bulk",
        listing="/v1/security/ip-allowlist/entries",
        page="entries",
        identity="",
        id_field="id",
        key=_address,
        enforcement_path="/v1/security/ip-allowlist",
        client_address_path="/v1/security/ip-allowlist/current-ip",
        response_aliases=MappingProxyType({"ipOrCidr": "entry"}),
    ),
    "password": Kind(token="Password", shape=Shape.PASSWORD, item="/v1/security/users/{name}/change-password"),
    "encryption": Kind(token="Encryption", shape=Shape.ACTION, item="/v1/secrets/encryption/re-encrypt"),
}
