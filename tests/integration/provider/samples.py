"""A sample of every kind and of every format and type, generated from the request schema."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nexus import schema
from tests.integration.provider.tls import make_certificate

KEY = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nc2FtcGxl\n-----END PGP PRIVATE KEY BLOCK-----\n"
REMOTE = "https://remote.provider.test/"

# Required fields without a possible default.
_DEMANDED: dict[str, dict[str, Any]] = {
    "repository/alpine/group": {"alpineSigning": {"keypair": KEY, "passphrase": "signing-secret"}},
    "repository/alpine/proxy": {"alpineSigning": {"keypair": KEY, "passphrase": "signing-secret"}},
    "repository/apt/hosted": {
        "apt": {"distribution": "bookworm"},
        "aptSigning": {"keypair": KEY, "passphrase": "signing-secret"},
    },
    "repository/apt/proxy": {"apt": {"distribution": "bookworm", "flat": False}},
    "repository/docker/hosted": {"docker": {"httpPort": 15100}},
    "repository/docker/group": {"docker": {"httpPort": 15101}},
    "repository/terraform/hosted": {"terraformSigning": {"keypair": KEY, "passphrase": "signing-secret"}},
}
_AUTHENTICATION = {"type": "username", "username": "reader", "password": "remote-secret"}


def combinations() -> list[tuple[str, str]]:
    return [(format_, type_) for format_ in schema.formats() for type_ in schema.types_of(format_)]


def repository(format_: str, type_: str) -> dict[str, Any]:
    """A repository with all optional parts of its type."""
    body: dict[str, Any] = {"format": format_, "type": type_, **_DEMANDED.get(f"repository/{format_}/{type_}", {})}
    if type_ == "proxy":
        body["proxy"] = {"remoteUrl": REMOTE}
        body["httpClient"] = {"authentication": dict(_AUTHENTICATION), "connection": {"retries": 3}}
    if type_ == "group":
        member = "hosted" if "hosted" in schema.types_of(format_) else "proxy"
        body["group"] = {"memberNames": [f"{format_}-{member}"]}
    return body


def repositories(known: set[str]) -> dict[str, Any]:
    """One of each format and type of the server; groups come after their members."""
    order = ("hosted", "proxy", "group")
    pairs = sorted(combinations(), key=lambda pair: (pair[0], order.index(pair[1])))
    return {
        f"{format_}-{type_}": repository(format_, type_) for format_, type_ in pairs if f"{format_}/{type_}" in known
    }


def changed(body: dict[str, Any]) -> dict[str, Any]:
    """A repository with one field changed."""
    if body["type"] == "proxy":
        return {**body, "negativeCache": {"timeToLive": 60}}
    return {**body, "online": False}


@cache
def certificate() -> str:
    with TemporaryDirectory() as folder:
        make_certificate(Path(folder))
        return (Path(folder) / "ca.pem").read_text()


def everything_else() -> dict[str, Any]:
    """Samples of the other kinds that the stand-in has."""
    return {
        "ssrfProtection": {"allowedDomains": ["remote.provider.test"], "allowedIPs": []},
        "httpProxy": {
            "httpProxy": {"host": "proxy.provider.test", "port": "3128"},
            "nonProxyHosts": ["*.provider.test"],
        },
        "truststore": {"corporate": {"pem": certificate()}},
        "blobStores": {"releases": {"softQuota": {"type": "spaceUsedQuota", "limit": "10GiB"}}, "plain": {}},
        "routingRules": {"no-internal": {"matchers": ["^/org/domain/.*"], "description": "ours stay here"}},
        "cleanupPolicies": {"old": {"format": "*", "criteriaLastDownloaded": 30}},
        "repositories": {
            "sample-hosted": {
                "format": "raw",
                "type": "hosted",
                "storage": {"blobStoreName": "releases"},
                "cleanup": {"policyNames": ["old"]},
            },
            "sample-proxy": {
                "format": "raw",
                "type": "proxy",
                "proxy": {"remoteUrl": REMOTE},
                "routingRuleName": "no-internal",
            },
        },
        "contentSelectors": {"snapshots": {"expression": 'path =~ "^/snap/.*"', "description": "short-lived"}},
        "privileges": {
            "snapshots-read": {
                "type": "repository-content-selector",
                "format": "raw",
                "repository": "sample-hosted",
                "contentSelector": "snapshots",
                "actions": ["BROWSE", "READ", "EDIT", "ADD", "DELETE"],
            },
            "sample-view": {
                "type": "repository-view",
                "format": "raw",
                "repository": "sample-hosted",
                "actions": ["READ"],
            },
            "sample-admin": {
                "type": "repository-admin",
                "format": "raw",
                "repository": "sample-hosted",
                "actions": ["EDIT"],
            },
            "blobs": {"type": "application", "domain": "blobstores", "actions": ["READ"]},
            "all-search": {"type": "wildcard", "pattern": "nexus:search:read"},
        },
        "roles": {
            "reader": {"privileges": ["sample-view", "snapshots-read", "nx-search-read"], "pull": ["sample-proxy"]}
        },
        "users": {
            "bob": {"firstName": "Bob", "lastName": "B", "emailAddress": "bob@provider.test", "roles": ["reader"]}
        },
        "email": {
            "enabled": True,
            "host": "mail.provider.test",
            "port": 25,
            "fromAddress": "nexus@provider.test",
            "username": "nexus",
            "password": "mail-secret",
        },
        "tasks": {
            "compact": {
                "type": "blobstore.compact",
                "frequency": {"schedule": "manual"},
                "properties": {"blobstoreName": "releases"},
            }
        },
        "ldap": {
            "directory": {
                "protocol": "LDAPS",
                "host": "ldap.provider.test",
                "port": 636,
                "searchBase": "dc=provider,dc=test",
                "authScheme": "SIMPLE",
                "authUsername": "cn=nexus",
                "authPassword": "directory-secret",
                "userObjectClass": "inetOrgPerson",
                "userIdAttribute": "uid",
                "userRealNameAttribute": "cn",
                "userEmailAddressAttribute": "mail",
            },
            "anonymous-directory": {
                "protocol": "LDAP",
                "host": "ldap2.provider.test",
                "port": 389,
                "searchBase": "dc=provider,dc=test",
                "authScheme": "NONE",
                "userObjectClass": "inetOrgPerson",
                "userIdAttribute": "uid",
                "userRealNameAttribute": "cn",
                "userEmailAddressAttribute": "mail",
            },
        },
        "samlUsers": {"carol": {"firstName": "Carol", "emailAddress": "carol@provider.test", "roles": ["reader"]}},
        "oauth2Users": {"dave": {"firstName": "Dave", "roles": ["reader"]}},
        "ipAllowlist": {"mode": "MONITOR"},
        "ipAllowlistEntries": {"office": {"ipOrCidr": "127.0.0.0/8", "description": "where people sit"}},
        "capabilities": {"base-url": {"type": "baseurl", "properties": {"url": "https://nexus.provider.test"}}},
        "userTokens": {"enabled": True, "protectContent": False},
        "saml": {"idpMetadata": "<EntityDescriptor/>", "usernameAttribute": "user"},
        "passwords": {"admin": "the-admin-password", "bob": "the-bob-password"},
        "realms": ["NexusAuthenticatingRealm", "DockerToken"],
        "anonymousAccess": False,
    }


# By section and name: the changes in the stack file, and those by hand on the server.
CHANGES: dict[str, dict[str, Any]] = {
    "ssrfProtection": {"allowedDomains": ["other.provider.test"]},
    "httpProxy": {"retries": 5},
    "blobStores": {"releases": {"softQuota": {"limit": "20GiB"}}},
    "routingRules": {"no-internal": {"matchers": ["^/com/domain/.*"]}},
    "cleanupPolicies": {"old": {"criteriaLastDownloaded": 60}},
    "repositories": {"sample-hosted": {"storage": {"writePolicy": "DENY"}}},
    "contentSelectors": {"snapshots": {"description": "changed"}},
    "privileges": {"sample-view": {"actions": ["READ", "BROWSE"]}},
    "roles": {"reader": {"description": "changed"}},
    "users": {"bob": {"lastName": "Changed"}},
    "email": {"port": 465},
    "ldap": {"directory": {"port": 1636}},
    "capabilities": {"base-url": {"properties": {"url": "https://other.provider.test"}}},
    "userTokens": {"protectContent": True},
    "saml": {"usernameAttribute": "uid"},
    "samlUsers": {"carol": {"status": "disabled"}},
    "oauth2Users": {"dave": {"lastName": "Changed"}},
    "ipAllowlist": {"mode": "ENFORCE"},
    "ipAllowlistEntries": {"office": {"ipOrCidr": "127.0.0.0/16"}},
}
