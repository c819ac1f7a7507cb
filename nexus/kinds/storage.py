"""What holds content, and the rules for it."""

from types import MappingProxyType

from nexus.kinds.base import Collection
from nexus.kinds.paths import REMOTE, listed
from nexus.kinds.special import HostedRepositories

STORAGE = {
    "blobStore": Collection(
        token="BlobStore",
        section="blobStores",
        after=REMOTE,
        local=frozenset({"file", "group"}),
        refers=MappingProxyType({("members",): "blobStore"}),
        create="/v1/blobstores/{type}",
        item="/v1/blobstores/{type}/{name}",
        remove="/v1/blobstores/{name}",
        listing="/v1/blobstores",
        replaces=frozenset({("bucketConfiguration", "bucket", "name")}),
        # The order of a group's members has no meaning.
        unordered=frozenset({("members",)}),
        unlisted=frozenset({"path"}),
        fixed=frozenset({("path",)}),
        placeholder_drops=frozenset({("bucketConfiguration", "bucketSecurity", "sessionToken")}),
    ),
    "routingRule": Collection(
        token="RoutingRule",
        section="routingRules",
        **listed("/v1/routing-rules"),
        upper=frozenset({("mode",)}),
    ),
    "cleanupPolicy": Collection(
        token="CleanupPolicy",
        section="cleanupPolicies",
        **listed("/v1/cleanup-policies"),
        # The public path needs a Pro licence, and one release has only the other one.
        fallback=("/v1/cleanup-policies", "/internal/cleanup-policies"),
    ),
    "repository": Collection(
        token="Repository",
        section="repositories",
        after=REMOTE,
        local=frozenset({"hosted", "group"}),
        refers=MappingProxyType(
            {
                ("group", "memberNames"): "repository",
                ("storage", "blobStoreName"): "blobStore",
                ("cleanup", "policyNames"): "cleanupPolicy",
                ("routingRuleName",): "routingRule",
                ("routingRule",): "routingRule",
            }
        ),
        create="/v1/repositories/{format}/{type}",
        item="/v1/repositories/{format}/{type}/{name}",
        remove="/v1/repositories/{name}",
        listing="/v1/repositorySettings",
        response_aliases=MappingProxyType({"routingRule": "routingRuleName"}),
        replaces=frozenset({("storage", "blobStoreName")}),
        unordered=frozenset({("cleanup", "policyNames")}),
        upper=frozenset({("storage", "writePolicy")}),
        response_only=MappingProxyType({"proxy": frozenset({("storage", "writePolicy")})}),
        # Many versions since 3.84 accept latestPolicy but do not return it; none returns replication.
        unreadable=frozenset({("storage", "latestPolicy"), ("replication",)}),
        # No release before 3.78 returns it for groups, though all keep it.
        omitted_in_response=frozenset({"raw"}),
    ),
    "hostedRepositories": HostedRepositories(token="HostedRepositories"),
}
