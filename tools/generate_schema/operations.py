"""The operations whose bodies the schema describes."""

from __future__ import annotations

import re
from collections.abc import Iterable

Operation = tuple[str, str]  # method and path

# Name in our schema -> the operation whose body it describes; repositories are added from their paths.
OPERATIONS = {
    "anonymous": ("PUT", "/v1/security/anonymous"),
    "blobStore/azure": ("POST", "/v1/blobstores/azure"),
    "blobStore/file": ("POST", "/v1/blobstores/file"),
    "blobStore/google": ("POST", "/v1/blobstores/google"),
    "blobStore/group": ("POST", "/v1/blobstores/group"),
    "blobStore/s3": ("POST", "/v1/blobstores/s3"),
    "capability": ("POST", "/v1/capabilities"),
    "cleanupPolicy": ("POST", "/v1/cleanup-policies"),
    "contentSelector": ("POST", "/v1/security/content-selectors"),
    "crowd": ("PUT", "/v1/security/atlassian-crowd"),
    "email": ("PUT", "/v1/email"),
    "eula": ("POST", "/v1/system/eula"),
    "http": ("PUT", "/v1/http"),
    "ipAllowlist": ("PUT", "/v1/security/ip-allowlist/mode"),
    "ipAllowlistEntry": ("POST", "/v1/security/ip-allowlist/entries"),
    "iq": ("PUT", "/v1/iq"),
    "ldap": ("POST", "/v1/security/ldap"),
    "ldapOrder": ("POST", "/v1/security/ldap/change-order"),
    "oauth2": ("PUT", "/v1/security/oauth2"),
    "oauth2User": ("POST", "/v1/security/oauth2/users"),
    "privilege/application": ("POST", "/v1/security/privileges/application"),
    "privilege/repository-admin": ("POST", "/v1/security/privileges/repository-admin"),
    "privilege/repository-content-selector": ("POST", "/v1/security/privileges/repository-content-selector"),
    "privilege/repository-view": ("POST", "/v1/security/privileges/repository-view"),
    "privilege/script": ("POST", "/v1/security/privileges/script"),
    "privilege/wildcard": ("POST", "/v1/security/privileges/wildcard"),
    "realms": ("PUT", "/v1/security/realms/active"),
    "role": ("POST", "/v1/security/roles"),
    "routingRule": ("POST", "/v1/routing-rules"),
    "saml": ("PUT", "/v1/security/saml"),
    "samlUser": ("POST", "/v1/security/saml/users"),
    "script": ("POST", "/v1/script"),
    "serviceAccountToken": ("POST", "/v1/security/service-account-tokens"),
    "ssrfProtection": ("PUT", "/v1/security/ssrf-protection"),
    "task": ("POST", "/v1/tasks"),
    "telemetryAcknowledgement": ("POST", "/v1/system/mandatory-telemetry-acknowledgement"),
    "truststore": ("POST", "/v1/security/ssl/truststore"),
    "user": ("POST", "/v1/security/users"),
    "userTokens": ("PUT", "/v1/security/user-tokens"),
}
REPOSITORY_PATH = re.compile(r"^/v1/repositories/(\w+)/(hosted|proxy|group)$")
REPOSITORY_TYPES = ("group", "hosted", "proxy")


def operations(published: Iterable[Operation]) -> dict[str, Operation]:
    """Name in our schema -> operation, for everything that we describe."""
    found = dict(OPERATIONS)
    for method, path in published:
        if method == "POST" and (repository := REPOSITORY_PATH.match(path)):
            found[f"repository/{repository[1]}/{repository[2]}"] = (method, path)
    return dict(sorted(found.items()))
