"""Users, roles, privileges and how clients log in."""

from collections.abc import Mapping
from types import MappingProxyType

from nexus.kinds import ip_allowlist
from nexus.kinds.base import Collection, Setting
from nexus.kinds.encryption import ENCRYPTION
from nexus.kinds.fingerprint import fingerprint
from nexus.kinds.ldap import LdapOrder
from nexus.kinds.paths import REMOTE, listed
from nexus.kinds.special import Password
from nexus.model import Path

_ROLES: Mapping[Path, str] = MappingProxyType({("roles",): "role"})

SECURITY = {
    "contentSelector": Collection(
        token="ContentSelector",
        section="contentSelectors",
        **listed("/v1/security/content-selectors"),
    ),
    "privilege": Collection(
        token="Privilege",
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
    "role": Collection(
        token="Role",
        section="roles",
        refers=MappingProxyType(
            {("privileges",): "privilege", ("roles",): "role", ("pull",): "repository", ("push",): "repository"}
        ),
        **listed("/v1/security/roles"),
        identity="id",
        unordered=frozenset({("privileges",), ("roles",)}),
    ),
    "user": Collection(
        token="User",
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
    "ldap": Collection(
        token="LdapServer",
        section="ldap",
        after=REMOTE,
        **listed("/v1/security/ldap"),
        upper=frozenset({("protocol",), ("authScheme",), ("groupType",)}),
    ),
    "ldapOrder": LdapOrder(
        token="LdapOrder",
        item="/v1/security/ldap/change-order",
        change_method="POST",
        read="/v1/security/ldap",
        body_key="names",
        sequence="name",
    ),
    "truststore": Collection(
        token="TrustedCertificate",
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
    "realms": Setting(
        token="Realms",
        section="realms",
        apart=True,
        after=("ldap", "saml", "oauth2", "crowd", "userTokens"),
        item="/v1/security/realms/active",
        body_key="active",
    ),
    "anonymous": Setting(
        token="AnonymousAccess",
        section="anonymousAccess",
        apart=True,
        item="/v1/security/anonymous",
        added_fields=frozenset({"userId", "realmName"}),
    ),
    "saml": Setting(
        token="Saml",
        section="saml",
        after=REMOTE,
        item="/v1/security/saml",
        remove="/v1/security/saml",
    ),
    "oauth2": Setting(
        token="OAuth2",
        section="oauth2",
        after=REMOTE,
        item="/v1/security/oauth2",
        remove="/v1/security/oauth2",
    ),
    "samlUser": Collection(
        token="SamlUser",
        section="samlUsers",
        after=("saml",),
        refers=_ROLES,
        **listed("/v1/security/saml/users"),
        identity="userId",
        unordered=frozenset({("roles",)}),
    ),
    "oauth2User": Collection(
        token="OAuth2User",
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
    "crowd": Setting(token="Crowd", section="crowd", after=REMOTE, item="/v1/security/atlassian-crowd"),
    "userTokens": Setting(token="UserTokens", section="userTokens", item="/v1/security/user-tokens"),
    "ssrfProtection": Setting(
        token="SsrfProtection",
        section="ssrfProtection",
        item="/v1/security/ssrf-protection",
        unordered=frozenset({("allowedIPs",), ("allowedDomains",)}),
    ),
    "ipAllowlist": ip_allowlist.LIST,
    "ipAllowlistEntry": ip_allowlist.ENTRY,
    "password": Password(token="Password", item="/v1/security/users/{name}/change-password"),
    "encryption": ENCRYPTION,
}
