"""Users, roles, privileges, directories, tokens and certificates."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conformance.stand_in.kinds import Body, Kind, without_name


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

LDAP = {
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
        update_body=without_name,
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
        LDAP,
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
