"""What can be tried on a server, by what its own document says that it has."""

from collections.abc import Iterator, Mapping
from typing import Any

from nexus.schema.catalogue import Catalogue
from tests.provider.samples import combinations, everything_else

# Where the other kinds are; those without an entry have no request of their own.
PATHS = {
    "ssrfProtection": "/v1/security/ssrf-protection",
    "httpProxy": "/v1/http",
    "truststore": "/v1/security/ssl/truststore",
    "blobStores": "/v1/blobstores/file",
    "routingRules": "/v1/routing-rules",
    "contentSelectors": "/v1/security/content-selectors",
    "privileges": "/v1/security/privileges/wildcard",
    "roles": "/v1/security/roles",
    "users": "/v1/security/users",
    "email": "/v1/email",
    "tasks": "/v1/tasks",
    "ldap": "/v1/security/ldap",
    "samlUsers": "/v1/security/saml/users",
    "oauth2Users": "/v1/security/oauth2/users",
    "ipAllowlist": "/v1/security/ip-allowlist",
    "ipAllowlistEntries": "/v1/security/ip-allowlist/entries",
    "capabilities": "/v1/capabilities",
    "userTokens": "/v1/security/user-tokens",
    "saml": "/v1/security/saml",
    "realms": "/v1/security/realms/active",
    "anonymousAccess": "/v1/security/anonymous",
}
# What a replacement would change, or what only a group of other repositories has.
_KEPT = ("name", "storage.blobStoreName", "group.memberNames", "httpClient.authentication.type", "replication")
# Fields that only make sense together with others, or with a remote that answers.
_BOUND = ("useTrustStore", "preemptive", "firewall", "writableMember")


def repositories_of(document: Mapping[str, Any]) -> dict[str, bool]:
    """Every format and type that the program knows, and whether the server has it."""
    paths = document["paths"]
    return {f"{f}/{t}": f"/v1/repositories/{f}/{t}" in paths for f, t in combinations()}


def kinds_of(document: Mapping[str, Any]) -> dict[str, bool]:
    """The other sections of a stack file; cleanup policies stand in no document and are everywhere."""
    sections = [name for name in everything_else() if name not in ("repositories", "passwords")]
    return {name: name not in PATHS or PATHS[name] in document["paths"] for name in sections}


def changes_of(recipe: str, live: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each field of a repository that is shown, and another value for it."""
    yield from _changes(Catalogue.load().request(f"repository/{recipe}"), live, "")


def _changes(schema: Mapping[str, Any], live: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, part in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        if path in _KEPT or name in _BOUND or part.get("secret") or name not in live:
            continue
        if "properties" in part:
            yield from _changes(part, live[name] or {}, f"{path}.")
            continue
        other = _another(part, live[name])
        if other is not None:
            yield path, other


def _another(part: Mapping[str, Any], value: Any) -> Any:
    if "enum" in part:
        return next((word for word in part["enum"] if word != value and word != "REPLICATION_ONLY"), None)
    if part.get("type") == "boolean":
        return not value
    if part.get("type") == "integer":
        return (value or 0) + 1 if (value or 0) + 1 <= part.get("maximum", 1 << 30) else value - 1
    return None


def nested(path: str, value: Any) -> dict[str, Any]:
    """`a.b` as {"a": {"b": value}}."""
    for name in reversed(path.split(".")):
        value = {name: value}
    found: dict[str, Any] = value
    return found


def at(body: Mapping[str, Any], path: str) -> Any:
    found: Any = body
    for name in path.split("."):
        found = (found or {}).get(name)
    return found
