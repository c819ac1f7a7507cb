"""Rules on repositories."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from policy.rule import Resource, ResourceRule, StackRule, of_kind

_WITH_NAMESPACES = ("docker", "maven", "npm", "pypi")
_SHIPPED_BLOB_STORE = "default"
_COMPACT = "blobstore.compact"


def _own_blob_store(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    users: dict[str, str] = {}
    for resource in of_kind("Repository", resources):
        store = resource.at("body", "storage", "blobStoreName", otherwise=_SHIPPED_BLOB_STORE)
        if store == _SHIPPED_BLOB_STORE:
            yield (
                resource,
                f"{resource.title} is on Nexus's own blob store: name one of its own in storage.blobStoreName",
            )
        elif store in users:
            yield (
                resource,
                f"{resource.title} shares the blob store {store}: give it one of its own, {users[store]} is on it too",
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
            f"what was published in {resource.title} can be overwritten with other content: "
            f"set storage.writePolicy to ALLOW_ONCE"
        )


def _docker_logins(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    declared = list(of_kind("Realms", resources))
    realms = {realm for found in declared for realm in found.listed("body", "active")}
    anonymous = any(found.at("body", "enabled") for found in of_kind("AnonymousAccess", resources))
    for resource in of_kind("Repository", resources):
        if resource.at("format") != "docker":
            continue
        basic = bool(resource.at("body", "docker", "forceBasicAuth"))
        # The realms of an external Nexus may be undeclared, and are then unknown.
        if declared and not basic and "DockerToken" not in realms:
            yield (
                resource,
                (
                    f"{resource.title} sends docker clients to get a token that no realm issues: "
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


def _cleanup(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Leaves out declared offline copies, which the stack's inventory names."""
    named = [str(found.at("body", "offlineCopies", otherwise="")) for found in of_kind("HostedRepositories", resources)]
    copies = {name for names in named for name in names.split()}
    for resource in of_kind("Repository", resources):
        is_cache = resource.at("type") == "proxy" and resource.title not in copies
        if is_cache and not resource.listed("body", "cleanup", "policyNames"):
            yield (
                resource,
                f"the cache of {resource.title} grows without end: name a cleanup policy in cleanup.policyNames, or "
                f"list it in maintenance.offlineCopies if builds need it while its remote is down",
            )


def _compaction(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Leaves out groups: their files are in their members."""
    compacted = {
        task.at("body", "properties", "blobstoreName")
        for task in of_kind("Task", resources)
        if task.at("body", "type") == _COMPACT and task.at("body", "enabled", otherwise=True) is not False
    }
    for store in of_kind("BlobStore", resources):
        if store.at("type") != "group" and store.title not in compacted:
            yield (
                store,
                f"nothing compacts the blob store {store.title}, so that it never shrinks: set maintenance.window in "
                f"the stack file, or declare a task of the type {_COMPACT} for it",
            )


def _remote_is_https(resource: Resource) -> Iterator[str]:
    remote = str(resource.at("body", "proxy", "remoteUrl", otherwise=""))
    # urlsplit gives the scheme in lower case.
    if resource.kind == "Repository" and urlsplit(remote.strip()).scheme == "http":
        yield f"{resource.title} fetches over plain HTTP, which can be changed on the way: use https in proxy.remoteUrl"


def _own_namespaces(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Finds proxies without a routing rule, if there is a hosted repository of the same format."""
    private = {found.at("format") for found in of_kind("Repository", resources) if found.at("type") == "hosted"}
    for resource in of_kind("Repository", resources):
        name = resource.at("format")
        if resource.at("type") != "proxy" or name not in _WITH_NAMESPACES or name not in private:
            continue
        if not (resource.at("body", "routingRule") or resource.at("body", "routingRuleName")):
            yield (
                resource,
                f"{resource.title} fetches whatever is missing in your own {name} repositories from outside, "
                f"under any name: list the names that are yours in ownNamespaces.{name}",
            )


RULES = (
    StackRule("own-blob-store", "Every repository has a blob store of its own.", _own_blob_store),
    ResourceRule("write-policy", "Published content cannot be overwritten.", _write_policy),
    StackRule("docker-logins", "Realms, anonymous access and docker.forceBasicAuth fit together.", _docker_logins),
    StackRule("cleanup-policy", "Every proxy has a cleanup policy, or is a declared offline copy.", _cleanup),
    StackRule("compaction", "Every blob store is compacted by a task.", _compaction),
    ResourceRule("remote-over-https", "Proxies fetch over TLS.", _remote_is_https),
    StackRule("own-namespaces", "Your own names are fetched from nowhere else.", _own_namespaces),
)
