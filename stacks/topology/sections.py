"""The sections of a topology, in their order, with the kind of object that stands in each."""

from collections.abc import Mapping

MANY: Mapping[str, str] = {
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
}
"""Those that hold objects by name."""

ONE: Mapping[str, str] = {
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
"""Those that are a setting."""
