"""Another value for each field, and the fields that are not changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from nexus import model
from nexus import schema as schemas
from nexus.kinds import KINDS
from nexus.model import Path
from nexus.schema.catalogue import Catalogue
from tests.integration.provider.samples import KEY

# By request and path; later entries win. Other fields get another value of their enumeration, the opposite boolean,
# the next integer, or a text with one more letter.
_VALUES: tuple[tuple[str, str, Any], ...] = (
    ("repository/*", "cleanup.policyNames", ["old"]),
    ("repository/*", "routingRuleName", "no-internal"),
    ("repository/*/proxy", "proxy.remoteUrl", "https://other.provider.test/"),
    ("repository/*", "*Signing.keypair", KEY.replace("c2FtcGxl", "b3RoZXI=")),
    ("repository/docker/hosted", "*.httpPort", 15110),
    ("repository/docker/group", "*.httpPort", 15111),
    ("repository/docker/proxy", "*.httpPort", 15112),
    ("repository/docker/hosted", "*.httpsPort", 15120),
    ("repository/docker/group", "*.httpsPort", 15121),
    ("repository/docker/proxy", "*.httpsPort", 15122),
    ("repository/oci/hosted", "*.httpPort", 15130),
    ("repository/oci/group", "*.httpPort", 15131),
    ("repository/oci/proxy", "*.httpPort", 15132),
    ("repository/oci/hosted", "*.httpsPort", 15140),
    ("repository/oci/group", "*.httpsPort", 15141),
    ("repository/oci/proxy", "*.httpsPort", 15142),
    ("repository/*", "*oreignLayerUrlWhitelist", ["https://layers.provider.test/.*"]),
    ("repository/raw/*", "raw.excludedQueryParameters", ["token"]),
    ("repository/huggingface/*", "xet.xetTransferHostAllowList", ["xet.provider.test"]),
    ("blobStore/group", "members", ["second"]),
    ("routingRule", "matchers", ["^/com/domain/.*", "^/org/other/.*"]),
    ("cleanupPolicy", "criteriaAssetRegex", ".*[.]tmp"),
    ("contentSelector", "expression", 'format == "raw" and path =~ "^/other/.*"'),
    ("privilege/*", "actions", ["READ", "BROWSE"]),
    ("privilege/script", "actions", ["READ", "RUN"]),
    ("privilege/application", "domain", "repositories"),
    ("privilege/application", "actions", ["READ", "EDIT"]),
    ("privilege/repository-*", "format", "*"),
    ("privilege/repository-*", "repository", "*"),
    ("privilege/*", "pattern", "nexus:tasks:read"),
    ("role", "privileges", ["nx-search-read"]),
    ("role", "roles", ["nx-anonymous"]),
    ("user", "roles", ["nx-anonymous"]),
    ("user", "status", "disabled"),
    ("user", "emailAddress", "other@provider.test"),
    ("*User", "roles", ["nx-anonymous"]),
    ("*User", "emailAddress", "other@provider.test"),
    ("email", "fromAddress", "other@provider.test"),
    ("http", "nonProxyHosts", ["*.other.test"]),
    ("http", "*.port", "3129"),
    ("ssrfProtection", "allowedIPs", ["10.0.0.1"]),
    ("ssrfProtection", "allowedDomains", ["other.provider.test"]),
    ("task", "alertEmail", "other@provider.test"),
    ("capability", "properties", {"url": "https://other.provider.test"}),
    ("ipAllowlist", "mode", "DISABLED"),
    ("oauth2", "exactMatchClaims", {"aud": "other"}),
    ("oauth2", "idpJwsAlgorithm", "RS512"),
    ("realms", "active", ["NexusAuthenticatingRealm"]),
    ("anonymous", "userId", "bob"),  # the user could no longer log in
    ("anonymous", "realmName", "NexusAuthenticatingRealm"),
)
_KEPT: tuple[tuple[str, str, str], ...] = (
    ("*", "id", "since the server gives it"),
    ("*", "type", "since another one is another object"),
    ("repository/*", "format", "since another one is another object"),
    ("repository/*", "storage.blobStoreName", "since another one is another repository, which tests/e2e/store moves"),
    ("repository/*", "httpClient.authentication.type", "since each type has fields of its own"),
    ("repository/*", "group.writableMember", "since it needs a Pro licence"),
    ("repository/*", "*.subdomain", "since it needs a Pro licence"),
    ("repository/*", "firewall*", "since it needs an IQ server"),
    ("repository/*", "replication*", "since no server answers it"),
    ("blobStore/file", "path", "since it says where content lies"),
    ("truststore", "pem", "since another one is another certificate"),
    ("script", "type", "since Groovy is the only language"),
    ("capability", "enabled", "since it needs no other"),
    ("iq", "authenticationType", "since PKI needs a certificate"),
    ("ldap", "authScheme", "since each has fields of its own"),
    ("ldap", "groupType", "since each has fields of its own"),
    ("ldap", "ldapGroupsAsRoles", "since it comes with the fields of groups"),
    ("ipAllowlistEntry", "ipOrCidr", "since it is what the server knows it by; test_every_kind.py changes it"),
    ("ldapOrder", "*", "since it follows the stack file, whose order test_every_kind.py turns round"),
    ("privilege/repository-content-selector", "contentSelector", "since it would need a second one"),
    ("privilege/script", "scriptName", "since it would need a second one"),
    ("task", "frequency*", "since each schedule has fields of its own"),
    ("task", "properties", "since they are those of the task's type"),
    ("cleanupPolicy", "criteriaReleaseType", "since only Maven has releases"),
    ("cleanupPolicy", "retain", "since only some formats have versions"),
    ("user", "source", "since the users of a stack file are local ones"),
    ("cleanupPolicy", "format", "since it is of repositories of its format"),
    ("cleanupPolicy", "repositories", "since it is given by the repositories"),
)


@dataclass(frozen=True)
class Change:
    """A field with another value."""

    path: Path
    value: Any
    is_secret: bool = False
    is_declared: bool = True
    """Whether the stack file declares it; drift of undeclared fields is ignored."""

    @property
    def dotted(self) -> str:
        return model.dotted(self.path)


def left_out(request: str, path: str) -> str:
    """Why a field is not changed; empty if it is."""
    if path == KINDS[request.split("/")[0]].identity:
        return "since it is what the object is known by"
    return next((why for where, field, why in _KEPT if fnmatchcase(request, where) and fnmatchcase(path, field)), "")


def fields(request: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> Iterator[tuple[Path, Any, Any]]:
    """Each declared or shown field, with its schema and value."""
    yield from _fields(Catalogue.load().request(request), declared, live, ())


def _fields(
    schema: Mapping[str, Any], declared: Mapping[str, Any], live: Mapping[str, Any], at: Path
) -> Iterator[tuple[Path, Any, Any]]:
    for name, part in schema.get("properties", {}).items():
        if name not in declared and name not in live:
            continue
        given, shown = declared.get(name), live.get(name)
        if "properties" in part:
            yield from _fields(part, given or {}, shown or {}, (*at, name))
        else:
            yield (*at, name), part, given if shown is None else shown


def change_of(request: str, path: Path, schema: Mapping[str, Any], value: Any, *, declared: bool) -> Change | None:
    """A change of the field; None if there is no rule for another value."""
    other = _another(request, model.dotted(path), schema, value)
    if other is None or other == value:
        return None
    return Change(path, other, bool(schema.get("secret")), declared)


def _another(request: str, path: str, schema: Mapping[str, Any], value: Any) -> Any:
    given = [other for where, field, other in _VALUES if fnmatchcase(request, where) and fnmatchcase(path, field)]
    if given:
        return given[-1]
    if path == "group.memberNames":
        format_ = request.split("/")[1]
        return [f"{format_}-{type_}" for type_ in schemas.types_of(format_) if type_ != "group"]
    if "enum" in schema:
        spelled = str(value or "").upper()
        return next((word for word in schema["enum"] if word.upper() != spelled and word != "REPLICATION_ONLY"), None)
    match schema.get("type"):
        case "boolean":
            return not value
        case "integer":
            following = int(value or 0) + 1
            return following if following <= schema.get("maximum", following) else following - 2
        case "string":
            return f"{value}x" if value else "changed"
    return None
