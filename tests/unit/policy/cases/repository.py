"""Stacks that comply with the rules about repositories and blob stores, and stacks that violate them."""

from policy.rule import Resource
from tests.unit.policy.resources import (
    anonymous,
    compact,
    nexus,
    realms,
    repository,
    store,
)

TOKEN = realms("NexusAuthenticatingRealm", "DockerToken")
BASIC = realms("NexusAuthenticatingRealm")
BY_TOKEN, BY_BASIC = {"forceBasicAuth": False}, {"forceBasicAuth": True}


GOOD: dict[str, list[list[Resource]]] = {
    "own-blob-store": [[repository("a"), repository("b")]],
    "write-policy": [
        [repository()],
        [repository("s", "maven", storage={"writePolicy": "ALLOW"}, maven={"versionPolicy": "SNAPSHOT"})],
        [repository("p", type="proxy", storage={})],
    ],
    "docker-logins": [
        [
            realms("NexusAuthenticatingRealm", "DockerToken"),
            anonymous(True),
            repository(docker=BY_TOKEN),
        ],
        [BASIC, anonymous(False), repository(docker=BY_BASIC)],
        [BASIC, anonymous(True), repository("r", "raw")],
        [anonymous(False), repository(docker=BY_TOKEN)],
    ],
    "cleanup-policy": [
        [repository("p", type="proxy", cleanup={"policyNames": ["unused"]})],
        [repository()],
        [
            nexus("HostedRepositories", "hosted", {"names": "a", "offlineCopies": "p q"}),
            repository("p", type="proxy"),
            repository("q", type="proxy"),
        ],
    ],
    "compaction": [
        [store("a"), store("b", "group"), compact("a")],
        [store("a"), nexus("Task", "by-default", {"type": "blobstore.compact", "properties": {"blobstoreName": "a"}})],
    ],
    "remote-over-https": [[repository("p", type="proxy", proxy={"remoteUrl": "https://registry-1.docker.io"})]],
    "own-namespaces": [
        [repository("a"), repository("p", type="proxy", routingRule="own-namespaces-docker")],
        [repository("a"), repository("p", type="proxy", routingRuleName="ours")],
        [repository("p", type="proxy")],
        [repository("a", "raw"), repository("p", "raw", type="proxy")],
    ],
}

BAD: dict[str, list[tuple[list[Resource], str]]] = {
    "own-blob-store": [
        (
            [repository("a"), repository("b", storage={"blobStoreName": "a"})],
            "b shares the blob store a: give it one",
        ),
        ([repository("a", storage={})], "a is on Nexus's own blob store"),
    ],
    "write-policy": [
        ([repository(storage={"writePolicy": "ALLOW"})], "set storage.writePolicy to ALLOW_ONCE"),
        ([repository(storage={})], "docker-private can be overwritten"),
    ],
    "docker-logins": [
        (
            [BASIC, repository(docker=BY_TOKEN)],
            "add DockerToken to realms",
        ),
        (
            [TOKEN, anonymous(True), repository(docker=BY_BASIC)],
            "wants a login although anonymous access is on",
        ),
    ],
    "cleanup-policy": [
        ([repository("p", type="proxy")], "the cache of p grows without end"),
        (
            [nexus("HostedRepositories", "hosted", {"offlineCopies": "pp"}), repository("p", type="proxy")],
            "list it in maintenance.offlineCopies",
        ),
        ([repository("p", type="proxy", cleanup={"policyNames": []})], "name a cleanup policy"),
    ],
    "compaction": [
        ([store("a"), store("b"), compact("a")], "nothing compacts the blob store b, so that it never shrinks"),
        ([store("a"), compact("a", enabled=False)], "set maintenance.window"),
        ([store("a"), nexus("Task", "t", {"type": "repository.cleanup"})], "a task of the type blobstore.compact"),
    ],
    "remote-over-https": [
        (
            [repository("p", type="proxy", proxy={"remoteUrl": "http://mirror.domain.org/"})],
            "use https in proxy.remoteUrl",
        ),
        ([repository("p", type="proxy", proxy={"remoteUrl": "HTTP://mirror.domain.org/"})], "fetches over plain HTTP"),
    ],
    "own-namespaces": [
        ([repository("a", "npm"), repository("p", "npm", type="proxy")], "names that are yours in ownNamespaces.npm"),
    ],
}
