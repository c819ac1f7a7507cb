"""Rules on repositories and who may do what with them."""

from collections.abc import Iterator, Sequence

from policy.rule import Resource, ResourceRule, StackRule

_READS = ("-browse", "-read")
_SHIPPED_BLOB_STORE = "default"


def _own_blob_store(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    users: dict[str, str] = {}
    for resource in _of_kind("Repository", resources):
        store = resource.at("body", "storage", "blobStoreName", otherwise=_SHIPPED_BLOB_STORE)
        if store == _SHIPPED_BLOB_STORE:
            yield (
                resource,
                f"{resource.title} is on Nexus's own blob store: name one of its own in storage.blobStoreName",
            )
        elif store in users:
            yield (
                resource,
                f"{resource.title} shares the blob store {store} with {users[store]}: give it one of its own",
            )
        users.setdefault(store, resource.title)


def _write_policy(resource: Resource) -> Iterator[str]:
    if resource.kind != "Repository" or resource.at("type") != "hosted":
        return
    # A snapshot is published again and again under one version.
    if resource.at("body", "maven", "versionPolicy") == "SNAPSHOT":
        return
    if resource.at("body", "storage", "writePolicy") not in ("ALLOW_ONCE", "DENY"):
        yield (
            f"what was published in {resource.title} can be published anew with other content: "
            f"set storage.writePolicy to ALLOW_ONCE"
        )


def _no_anonymous_access(resource: Resource) -> Iterator[str]:
    if resource.kind == "AnonymousAccess" and resource.at("body", "enabled"):
        yield "anyone may read without a login: set anonymousAccess to false"


def _no_anonymous_write(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    anonymous = {"nx-anonymous"}
    for user in _of_kind("User", resources):
        if user.title == "anonymous":
            anonymous |= set(user.listed("body", "roles"))
            if "nx-admin" in anonymous:
                yield user, "clients without a login have the role nx-admin: take it from the user anonymous"
    roles = {role.title: role for role in _of_kind("Role", resources)}
    for name in sorted(_with_inherited(anonymous, roles)):
        for privilege in roles[name].listed("body", "privileges") if name in roles else ():
            if not str(privilege).endswith(_READS):
                yield roles[name], f"the role {name} lets clients without a login do {privilege}: take it out"


def _with_inherited(names: set[str], roles: dict[str, Resource]) -> set[str]:
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(roles[name].listed("body", "roles") if name in roles else ())
    return found


def _no_wildcard(resource: Resource) -> Iterator[str]:
    if resource.kind != "Role" or resource.title == "nx-admin":
        return
    for privilege in resource.listed("body", "privileges"):
        if privilege == "nx-all" or str(privilege).endswith("-*-*-*"):
            yield f"the role {resource.title} has {privilege}, which is every repository: name the repositories instead"
    if "nx-admin" in resource.listed("body", "roles"):
        yield f"the role {resource.title} has the role nx-admin: name what it needs instead"


def _docker_logins(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    realms = {realm for found in _of_kind("Realms", resources) for realm in found.listed("body", "active")}
    anonymous = any(found.at("body", "enabled") for found in _of_kind("AnonymousAccess", resources))
    for resource in _of_kind("Repository", resources):
        if resource.at("format") != "docker":
            continue
        basic = bool(resource.at("body", "docker", "forceBasicAuth"))
        if not basic and "DockerToken" not in realms:
            yield (
                resource,
                (
                    f"{resource.title} sends docker clients for a token that no realm gives: "
                    f"add DockerToken to realms or set docker.forceBasicAuth to true"
                ),
            )
        if basic and anonymous:
            yield (
                resource,
                (
                    f"{resource.title} wants a login although anonymous access is on: "
                    f"set docker.forceBasicAuth to false or anonymousAccess to false"
                ),
            )


def _cleanup(resource: Resource) -> Iterator[str]:
    is_proxy = resource.kind == "Repository" and resource.at("type") == "proxy"
    if is_proxy and not resource.listed("body", "cleanup", "policyNames"):
        yield f"the cache of {resource.title} grows without end: name a cleanup policy in cleanup.policyNames"


def _remote_is_https(resource: Resource) -> Iterator[str]:
    remote = str(resource.at("body", "proxy", "remoteUrl", otherwise=""))
    if resource.kind == "Repository" and remote.startswith("http://"):
        yield f"{resource.title} fetches over plain HTTP, which can be changed on the way: use https in proxy.remoteUrl"


def _of_kind(kind: str, resources: Sequence[Resource]) -> Iterator[Resource]:
    return (resource for resource in resources if resource.kind == kind)


RULES = (
    StackRule("own-blob-store", "Every repository has a blob store of its own.", _own_blob_store),
    ResourceRule("write-policy", "What is published stays what it is.", _write_policy),
    ResourceRule("no-anonymous-access", "Nobody reads without a login.", _no_anonymous_access),
    StackRule("no-anonymous-write", "Nobody writes without a login.", _no_anonymous_write),
    ResourceRule("no-wildcard-privilege", "A role names the repositories it is for.", _no_wildcard),
    StackRule("docker-logins", "Realms, anonymous access and docker.forceBasicAuth fit together.", _docker_logins),
    ResourceRule("cleanup-policy", "Every proxy repository has a cleanup policy.", _cleanup),
    ResourceRule("remote-over-https", "Proxies fetch over TLS.", _remote_is_https),
)
