"""Rules on access rights. They check what roles permit in the end, whatever roles and privileges are called."""

from collections.abc import Iterator, Sequence

from policy.permissions import Permission
from policy.rights import Grant, Rights
from policy.rule import Resource, ResourceRule, StackRule, of_kind

_ADMIN, _ANONYMOUS = "admin", "anonymous"
_USERS = ("User", "SamlUser", "OAuth2User")
_CHANGES = Permission.of("add,edit,delete")
_READS = tuple(
    map(
        Permission.of,
        (
            "nexus:repository-view:*:*:read,browse",
            "nexus:repository-content-selector:*:*:*:read,browse",
            "nexus:search:read",
            "nexus:healthcheck:read",
            "nexus:healthchecksummary:read",
        ),
    )
)
# The index of the repository's name in permissions on repositories; the actions come next.
_REPOSITORY_PARTS = {"repository-view": 3, "repository-admin": 3, "repository-content-selector": 4}
_ADMINISTRATION = {
    Permission.of(text): what
    for text, what in {
        "nexus:users:add,edit": "make and change users",
        "nexus:userschangepw": "change anybody's password",
        "nexus:roles:add,edit": "make and change roles",
        "nexus:privileges:add,edit": "make and change privileges",
        "nexus:selectors:edit": "change what privileges on content selectors permit",
        "nexus:script:*:add,edit": "write scripts, which run as the server",
        "nexus:tasks:add,edit": "make and change tasks, which run as the server",
        "nexus:capabilities:add,edit": "change capabilities, such as the role that everybody has",
        "nexus:settings:edit": "change realms and anonymous access",
        "nexus:ldap,saml,oauth2,crowd:add,edit": "configure where users come from",
        "nexus:ssl-truststore:add,edit": "configure which certificates the server trusts",
        "nexus:blobstores,datastores:add,edit,delete": "change and remove blob stores",
        "nexus:atlas:add": "make support zips, which hold the server's configuration",
    }.items()
}


def _no_anonymous_write(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    rights = Rights(resources)
    settings = list(of_kind("AnonymousAccess", resources))
    names = {str(found.at("body", "userId", otherwise=_ANONYMOUS)) for found in settings} | {_ANONYMOUS}
    users = [found for found in of_kind("User", resources) if found.title in names]
    given = [str(role) for found in users for role in found.listed("body", "roles")]
    blamed = next(iter([*users, *filter(None, [rights.roles.get("nx-anonymous")])]), None)
    for role in rights.reached(["nx-anonymous", *given]):
        where = rights.roles.get(role) or blamed
        if where and not rights.is_known(role):
            yield where, _unknown_role("clients without a login", role)
        for grant in rights.of_role(role):
            if where and not _only_reads(grant):
                yield (
                    where,
                    f"the role {role} lets clients without a login do {grant}: remove it from the role, or the role "
                    f"from the user anonymous",
                )
    declared = {found.title for found in users} | {_ANONYMOUS}
    for setting in settings:
        who = str(setting.at("body", "userId", otherwise=_ANONYMOUS))
        if who not in declared:
            yield setting, f"clients without a login act as the user {who}, who is not declared: declare it under users"


def _no_wildcard(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    rights = Rights(resources)
    for role, grant in _granted(rights):
        if grant.permission is not None and _is_on_every_repository(grant.permission):
            yield (
                role,
                f"the role {role.title} has {grant}{_through(role, grant)}, which changes every repository: "
                f"name the repositories instead",
            )


def _administrators(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    rights = Rights(resources)
    for role, grant in _granted(rights):
        if grant.permission is None:
            yield (
                role,
                f"the role {role.title} has {grant.privilege}, which is neither Nexus's own nor declared, so what it "
                f"permits is not known: declare it under privileges",
            )
            continue
        does = [what for area, what in _ADMINISTRATION.items() if grant.permission.reaches(area)]
        if does:
            yield (
                role,
                f"the role {role.title} has {grant}{_through(role, grant)}, by which it may {does[0]}: "
                f"leave that to the user admin",
            )
    for user in (found for found in resources if found.kind in _USERS and found.title != _ADMIN):
        for role_name in user.listed("body", "roles"):
            if role_name == "nx-admin":
                yield user, f"the user {user.title} has the role nx-admin: give it a role that names what it needs"
            elif not rights.is_known(str(role_name)):
                yield user, _unknown_role(user.title, str(role_name))


def administers(rights: Rights, roles: Sequence[str]) -> bool:
    """Whether a user with these roles can administer the server, as far as the permissions are known."""
    return "nx-admin" in roles or any(
        grant.permission is not None and any(grant.permission.reaches(area) for area in _ADMINISTRATION)
        for grant in rights.of_roles(roles)
    )


def _default_role(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    rights = Rights(resources)
    for capability in of_kind("Capability", resources):
        if capability.at("body", "type") != "defaultrole" or capability.at("body", "enabled") is False:
            continue
        role = str(capability.at("body", "properties", "role", otherwise=""))
        if not rights.is_known(role):
            yield capability, _unknown_role("everybody who logs in", role)
            continue
        more = [grant for grant in rights.of_roles([role]) if not _only_reads(grant)]
        if more:
            yield (
                capability,
                f"{capability.title} gives everybody who logs in the role {role} and with it {more[0]}: "
                f"give that to those who need it, and let the default role read only",
            )


def _no_identity_header(resource: Resource) -> Iterator[str]:
    if resource.kind == "Realms" and "rutauth-realm" in resource.listed("body", "active"):
        yield "the realm rutauth-realm trusts a header that names the user: remove it from realms"
    if resource.kind == "Capability" and resource.at("body", "type") == "rutauth":
        yield f"{resource.title} (rutauth) trusts a header that names the user: remove it from capabilities"


def _granted(rights: Rights) -> Iterator[tuple[Resource, Grant]]:
    """Every privilege of each declared role: its own, and those of undeclared roles in it."""
    for name, role in sorted(rights.roles.items()):
        if name == "nx-admin":
            continue
        for source in (name, *rights.contained_undeclared(name)):
            for grant in rights.of_role(source):
                yield role, grant
            if not rights.is_known(source):
                yield role, Grant(source, f"the role {source}", None)


def _only_reads(grant: Grant) -> bool:
    return grant.permission is not None and any(read.implies(grant.permission) for read in _READS)


def _through(role: Resource, grant: Grant) -> str:
    return "" if grant.role == role.title else f" through the role {grant.role}"


def _unknown_role(who: str, role: str) -> str:
    return f"{who}: the role {role} is neither Nexus's own nor declared, so what it permits is not known: declare it"


def _is_on_every_repository(permission: Permission) -> bool:
    return any(
        permission.part(0) & {"nexus", "*"}
        and permission.part(1) & {domain, "*"}
        and "*" in permission.part(place)
        and (permission.part(place + 1) & (_CHANGES.part(0) | {"*"}))
        for domain, place in _REPOSITORY_PARTS.items()
    )


def _no_anonymous_access(resource: Resource) -> Iterator[str]:
    if resource.kind == "AnonymousAccess" and resource.at("body", "enabled"):
        yield "anyone may read without a login: set anonymousAccess to false"


RULES = (
    ResourceRule("no-anonymous-access", "Nobody reads without a login.", _no_anonymous_access),
    StackRule("no-anonymous-write", "Nobody writes without a login.", _no_anonymous_write),
    StackRule("no-wildcard-privilege", "A role names the repositories that it changes.", _no_wildcard),
    StackRule("administrators", "Nobody but the user admin administers the server.", _administrators),
    StackRule("default-role", "The default role permits reading and nothing else.", _default_role),
    ResourceRule("no-identity-header", "No header logs a client in as the user that it names.", _no_identity_header),
)
