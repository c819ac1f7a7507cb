"""Every kind of object of the API but repositories: how the published client makes, reads, changes and deletes one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Body = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """An object of the API. Methods are named by what is common to their names; a text in `{}` is the object's key."""

    name: str
    api: str
    noun: str
    body: Any = None
    change: Body = field(default_factory=dict)
    key: str = (
        ""  # the field of the body, or of the answer to the creation, that it is found by; empty: there is only one
    )
    read: str = "get"  # or "list": looked for in a list
    items: str = ""  # where a listing has its objects
    update: str = "update"
    create: str = "create"
    delete: str = "delete"
    update_body: Callable[[Body, Body], Any] | None = None
    hidden: frozenset[str] = frozenset()  # fields that no answer has as they were sent
    extra: tuple[Any, ...] = ()  # further arguments of all methods but the creation
    named: str = ""  # the field of the answer that has the key, where it is another one
    media: str = ""  # of the body, where it is not what the client takes for it
    created: str = ""  # the field of the answer to the creation that has the key


def certificate() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "trusted.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def _without_name(body: Body, change: Body) -> Body:
    return {name: value for name, value in {**body, **change}.items() if name != "name"}


_QUOTA = {"softQuota": {"type": "spaceUsedQuota", "limit": 1_000_000}}
_NO_QUOTA_YET = {"change": _QUOTA}

BLOB_STORES = [
    Kind(
        "file",
        "BlobStoreApi",
        "blobstores_file",
        {"name": "disk", "path": "disk"},
        key="name",
        update_body=_without_name,
        hidden=frozenset({"name"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
    Kind(
        "group",
        "BlobStoreApi",
        "blobstores_group",
        {"name": "several", "members": ["member"], "fillPolicy": "writeToFirst"},
        {"fillPolicy": "roundRobin"},
        key="name",
        update_body=_without_name,
        hidden=frozenset({"name"}),
        delete="delete_blobstores",
    ),
    Kind(
        "s3",
        "BlobStoreApi",
        "s3_blob_store",
        {
            "name": "bucket",
            "bucketConfiguration": {
                "bucket": {"region": "eu-west-1", "name": "packages", "prefix": "nexus"},
                "bucketSecurity": {"accessKeyId": "id", "secretAccessKey": "secret"},
                "advancedBucketConnection": {"endpoint": "http://127.0.0.1:9", "forcePathStyle": True},
                "failoverBuckets": [{"region": "eu-west-2", "bucketName": "spare"}],
            },
        },
        key="name",
        hidden=frozenset({"secretAccessKey"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
    Kind(
        "azure",
        "BlobStoreApi",
        "blobstores_azure",
        {
            "name": "container",
            "bucketConfiguration": {
                "accountName": "account",
                "containerName": "packages",
                "authentication": {"authenticationMethod": "ACCOUNTKEY", "accountKey": "secret"},
            },
        },
        key="name",
        hidden=frozenset({"accountKey"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
    Kind(
        "google",
        "BlobStoreApi",
        "blobstores_google",
        {
            "name": "google",
            "bucketConfiguration": {
                "bucket": {"name": "packages", "region": "europe-west1", "projectId": "project"},
                "bucketSecurity": {"authenticationMethod": "accountKey", "accountKey": "secret"},
                "encryption": {"encryptionType": "default"},
            },
        },
        key="name",
        hidden=frozenset({"accountKey"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
]

_SCRIPT = {"name": "hello", "type": "groovy", "content": "log.info('hello')"}


def _privilege(name: str, noun: str, **fields: Any) -> Kind:
    body = {"name": f"of-{name}", "description": "before", **fields}
    return Kind(
        f"privilege {name}",
        "SecurityManagementPrivilegesApi",
        f"{noun}_privilege",
        body,
        {"description": "after"},
        key="name",
        read="get_security_privileges",
        delete="delete_security_privileges",
    )


PRIVILEGES = [
    _privilege("wildcard", "wildcard", pattern="nexus:*"),
    _privilege("application", "application", domain="users", actions=["READ"]),
    _privilege(
        "repository-view", "repository_view", format="maven2", repository="maven-releases", actions=["READ", "BROWSE"]
    ),
    _privilege(
        "repository-admin", "repository_admin", format="maven2", repository="maven-releases", actions=["READ", "EDIT"]
    ),
    _privilege(
        "content-selector",
        "repository_content_selector",
        format="*",
        repository="*",
        actions=["READ"],
        contentSelector="kept",
    ),
    _privilege("script", "script", scriptName="kept", actions=["RUN"]),
]

_LDAP = {
    "name": "directory",
    "protocol": "LDAP",
    "useTrustStore": False,
    "host": "ldap.test",
    "port": 389,
    "searchBase": "dc=test",
    "authScheme": "SIMPLE",
    "authUsername": "cn=nexus",
    "authPassword": "secret",
    "connectionTimeoutSeconds": 30,
    "connectionRetryDelaySeconds": 300,
    "maxIncidentsCount": 3,
    "userObjectClass": "inetOrgPerson",
    "userIdAttribute": "uid",
    "userRealNameAttribute": "cn",
    "userEmailAddressAttribute": "mail",
    "ldapGroupsAsRoles": True,
    "groupType": "DYNAMIC",
    "userMemberOfAttribute": "memberOf",
}
_USER = {
    "userId": "ann",
    "firstName": "Ann",
    "lastName": "Other",
    "emailAddress": "ann@example.org",
    "status": "active",
    "roles": ["nx-admin"],
}


def _user_update(body: Body, change: Body) -> Body:
    return {name: value for name, value in {**body, **change, "source": "default"}.items() if name != "password"}


SECURITY = [
    Kind(
        "content selector",
        "ContentSelectorsApi",
        "security_content_selectors",
        {"name": "all", "description": "any", "expression": 'format == "raw"'},
        {"expression": 'format == "apt"'},
        key="name",
        update_body=_without_name,
    ),
    Kind(
        "role",
        "SecurityManagementRolesApi",
        "security_roles",
        {
            "id": "dev",
            "name": "Developers",
            "description": "they develop",
            "privileges": ["nx-search-read"],
            "roles": [],
        },
        {"privileges": ["nx-all"]},
        key="id",
    ),
    Kind(
        "user",
        "SecurityManagementUsersApi",
        "security_users",
        {**_USER, "password": "secret"},
        {"lastName": "Else"},
        key="userId",
        read="list",
        update_body=_user_update,
        hidden=frozenset({"password"}),
    ),
    Kind(
        "user token",
        "SecurityManagementUsersApi",
        "security_users_user_token",
        None,
        key="admin",
        read="get",
        update="",
        extra=("NexusAuthenticatingRealm",),
    ),
    Kind(
        "LDAP server",
        "SecurityManagementLDAPApi",
        "security_ldap",
        _LDAP,
        {"port": 390},
        key="name",
        hidden=frozenset({"authPassword"}),
    ),
    Kind(
        "SAML user",
        "SecurityManagementSAMLUsersApi",
        "security_saml_users",
        {**_USER, "userId": "sam"},
        {"status": "disabled"},
        key="userId",
    ),
    Kind(
        "OAuth2 user",
        "SecurityManagementOAuth2UsersApi",
        "security_oauth2_users",
        {**_USER, "userId": "olga"},
        {"status": "locked"},
        key="userId",
        delete="",
    ),
    Kind(
        "service account token",
        "SecurityManagementServiceAccountTokensApi",
        "security_service_account_tokens",
        {"name": "robot", "description": "builds", "roleId": "nx-admin", "expirationDays": 30},
        key="name",
        read="raw list",
        update="",
        hidden=frozenset({"expirationDays"}),
        created="id",
    ),
    Kind(
        "trusted certificate",
        "SecurityCertificatesApi",
        "security_ssl_truststore",
        certificate,
        key="pem",
        media="text/plain",
        read="list",
        update="",
        created="id",
    ),
    Kind(
        "allowed address",
        "SecurityIPAllowListApi",
        "security_ip_allowlist_entries",
        {"ipOrCidr": "192.0.2.0/24", "description": "office"},
        {"ipOrCidr": "192.0.2.1", "description": "one"},
        key="ipOrCidr",
        named="entry",
        read="list",
        items="entries",
        hidden=frozenset({"ipOrCidr"}),
        delete="delete_security_ip_allowlist_entries_bulk",
    ),
    *PRIVILEGES,
]

_TASK = {
    "name": "compact",
    "type": "blobstore.compact",
    "enabled": True,
    "notificationCondition": "FAILURE",
    "alertEmail": "ann@example.org",
    "frequency": {
        "schedule": "weekly",
        "startDate": 1_800_000_000_000,
        "timeZoneOffset": "+01:00",
        "recurringDays": [1, 3],
    },
    "properties": {"blobstoreName": "default"},
}

SYSTEM = [
    Kind(
        "routing rule",
        "RoutingRulesApi",
        "routing_rules",
        {"name": "no-snapshots", "description": "", "mode": "BLOCK", "matchers": [".*SNAPSHOT.*"]},
        {"mode": "ALLOW"},
        key="name",
    ),
    Kind(
        "cleanup policy",
        "CleanupPoliciesApi",
        "cleanup_policies",
        {"name": "old", "format": "raw", "notes": "", "criteriaLastBlobUpdated": 30},
        {"criteriaLastBlobUpdated": 60},
        key="name",
    ),
    Kind("script", "ScriptApi", "script", _SCRIPT, {"content": "log.info('changed')"}, key="name"),
    Kind(
        "tag",
        "TagsApi",
        "tags",
        {"name": "release-1", "attributes": {"build": {"number": 7}}},
        {"attributes": {"build": {"number": 8}}},
        key="name",
        update_body=_without_name,
    ),
    Kind(
        "capability",
        "CapabilitiesApi",
        "capabilities",
        {"type": "baseurl", "enabled": True, "notes": "", "properties": {"url": "https://nexus.test"}},
        {"properties": {"url": "https://other.test"}},
        key="type",
        read="list",
        created="id",
        update_body=lambda body, change: {**body, **change},
    ),
    Kind(
        "task",
        "TasksApi",
        "tasks",
        _TASK,
        {"name": "compact weekly"},
        key="name",
        created="id",
        hidden=frozenset({"frequency"}),
    ),
]

_PROXY = {
    "enabled": True,
    "host": "proxy.test",
    "port": "3128",
    "authInfo": {"enabled": True, "username": "nexus", "password": "secret", "ntlmHost": "", "ntlmDomain": ""},
}

SETTINGS = [
    Kind(
        "e-mail",
        "EmailApi",
        "email",
        {
            "enabled": True,
            "host": "mail.test",
            "port": 25,
            "username": "nexus",
            "password": "secret",
            "fromAddress": "nexus@example.org",
            "subjectPrefix": "nexus",
        },
        {"port": 26},
        hidden=frozenset({"password"}),
    ),
    Kind(
        "HTTP",
        "ManageSonatypeHTTPSystemSettingsApi",
        "http",
        {
            "userAgent": "store",
            "timeout": 30,
            "retries": 2,
            "nonProxyHosts": ["a.test"],
            "httpProxy": _PROXY,
            "httpsProxy": _PROXY,
        },
        {"timeout": 60},
        hidden=frozenset({"password"}),
    ),
    Kind(
        "anonymous access",
        "SecurityManagementAnonymousAccessApi",
        "security_anonymous",
        {"enabled": True, "userId": "anonymous", "realmName": "NexusAuthorizingRealm"},
        {"enabled": False},
        delete="",
    ),
    Kind(
        "active realms",
        "SecurityManagementRealmsApi",
        "security_realms_active",
        ["NexusAuthenticatingRealm"],
        delete="",
    ),
    Kind(
        "user tokens",
        "SecurityManagementUserTokensApi",
        "security_user_tokens",
        {"enabled": True, "protectContent": False, "expirationEnabled": False},
        {"expirationEnabled": True, "expirationDays": 60},
        delete="",
    ),
    Kind(
        "SAML",
        "SecurityManagementSAMLApi",
        "security_saml",
        {
            "entityId": "https://nexus.test",
            "idpMetadata": "<EntityDescriptor/>",
            "usernameAttribute": "uid",
            "validateResponseSignature": True,
        },
        {"usernameAttribute": "name"},
    ),
    Kind(
        "OAuth2",
        "SecurityOAuth2OIDCApi",
        "security_oauth2",
        {
            "clientId": "nexus",
            "clientSecret": "secret",
            "idpJwsAlgorithm": "RS256",
            "usernameClaim": "sub",
            "exactMatchClaims": {"aud": "nexus"},
        },
        {"usernameClaim": "name"},
        hidden=frozenset({"clientSecret"}),
    ),
    Kind(
        "Crowd",
        "SecurityAtlassianCrowdApi",
        "security_atlassian_crowd",
        {
            "enabled": True,
            "realmActive": False,
            "url": "http://crowd.test",
            "applicationName": "nexus",
            "applicationPassword": "secret",
            "timeout": 30,
        },
        {"timeout": 60},
        hidden=frozenset({"applicationPassword"}),
        delete="",
    ),
    Kind(
        "IQ server",
        "ManageSonatypeRepositoryFirewallConfigurationApi",
        "iq",
        {
            "enabled": True,
            "url": "http://iq.test",
            "authenticationType": "USER",
            "username": "nexus",
            "password": "secret",
            "timeoutSeconds": 30,
        },
        {"timeoutSeconds": 60},
        hidden=frozenset({"password"}),
        delete="",
    ),
    Kind(
        "SSRF protection",
        "SecurityManagementSSRFProtectionApi",
        "security_ssrf_protection",
        {"enabled": True, "allowedIPs": ["127.0.0.1"], "allowedDomains": ["mirror.test"]},
        {"enabled": False},
        delete="",
    ),
]

COLLECTIONS = [*BLOB_STORES, *SECURITY, *SYSTEM]
