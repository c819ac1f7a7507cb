"""The kinds of object that the provider manages. Another kind is another row."""

from collections.abc import Mapping
from types import MappingProxyType

from nexus.kinds.base import REMOTE, Collection, Kind
from nexus.kinds.blob_store import BLOB_STORE
from nexus.kinds.capability import CAPABILITY
from nexus.kinds.cleanup_policy import CLEANUP_POLICY
from nexus.kinds.encryption import ENCRYPTION
from nexus.kinds.ip_allowlist import ENTRY, LIST
from nexus.kinds.ldap import ORDER, SERVER
from nexus.kinds.privilege import PRIVILEGE
from nexus.kinds.repository import REPOSITORY
from nexus.kinds.role import Role
from nexus.kinds.setting import Agreement, AnonymousAccess, Setting, SsrfProtection
from nexus.kinds.special import HostedRepositories, Password
from nexus.kinds.task import TASK
from nexus.kinds.truststore import TRUSTSTORE
from nexus.kinds.user import CHANGE_PASSWORD, OAUTH2_USER, SAML_USER, USER

__all__ = ["KINDS"]

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "blobStore": BLOB_STORE,
        "routingRule": Collection.at(
            "/v1/routing-rules", token="RoutingRule", section="routingRules", upper=frozenset({("mode",)})
        ),
        "cleanupPolicy": CLEANUP_POLICY,
        "repository": REPOSITORY,
        "hostedRepositories": HostedRepositories(token="HostedRepositories"),
        "contentSelector": Collection.at(
            "/v1/security/content-selectors", token="ContentSelector", section="contentSelectors"
        ),
        "privilege": PRIVILEGE,
        "role": Role.at(
            "/v1/security/roles",
            token="Role",
            section="roles",
            refers={("privileges",): "privilege", ("roles",): "role", ("pull",): "repository", ("push",): "repository"},
            identity="id",
            unordered=frozenset({("privileges",), ("roles",)}),
        ),
        "user": USER,
        "ldap": SERVER,
        "ldapOrder": ORDER,
        "truststore": TRUSTSTORE,
        "realms": Setting(
            token="Realms",
            section="realms",
            apart=True,
            after=("ldap", "saml", "oauth2", "crowd", "userTokens"),
            item="/v1/security/realms/active",
            body_key="active",
        ),
        "anonymous": AnonymousAccess(
            token="AnonymousAccess", section="anonymousAccess", apart=True, item="/v1/security/anonymous"
        ),
        "saml": Setting(
            token="Saml", section="saml", after=REMOTE, item="/v1/security/saml", remove="/v1/security/saml"
        ),
        "oauth2": Setting(
            token="OAuth2", section="oauth2", after=REMOTE, item="/v1/security/oauth2", remove="/v1/security/oauth2"
        ),
        "samlUser": SAML_USER,
        "oauth2User": OAUTH2_USER,
        "crowd": Setting(token="Crowd", section="crowd", after=REMOTE, item="/v1/security/atlassian-crowd"),
        "userTokens": Setting(token="UserTokens", section="userTokens", item="/v1/security/user-tokens"),
        "ssrfProtection": SsrfProtection(
            token="SsrfProtection",
            section="ssrfProtection",
            item="/v1/security/ssrf-protection",
            unordered=frozenset({("allowedIPs",), ("allowedDomains",)}),
        ),
        "ipAllowlist": LIST,
        "ipAllowlistEntry": ENTRY,
        "password": Password(token="Password", item=CHANGE_PASSWORD),
        "encryption": ENCRYPTION,
        "email": Setting(
            token="Email",
            section="email",
            after=REMOTE,
            item="/v1/email",
            remove="/v1/email",
            placeholders={("password",): True},
        ),
        "http": Setting(
            token="Http",
            section="httpProxy",
            item="/v1/http",
            remove="/v1/http",
            unordered=frozenset({("nonProxyHosts",)}),
        ),
        "iq": Setting(token="IqServer", section="iqServer", after=REMOTE, item="/v1/iq"),
        "capability": CAPABILITY,
        "task": TASK,
        "script": Collection.at("/v1/script", token="Script", section="scripts"),
        "eula": Agreement(token="Eula", item="/v1/system/eula"),
        "telemetryAcknowledgement": Agreement(
            token="TelemetryAcknowledgement",
            section="telemetryAcknowledgement",
            item="/v1/system/mandatory-telemetry-acknowledgement",
        ),
    }
)
