"""The kinds of object that the provider manages. Another kind is another row."""

from types import MappingProxyType

from nexus.kind import Kind, Shape

KINDS = MappingProxyType(
    {
        "blobStore": Kind(
            token="BlobStore",
            shape=Shape.COLLECTION,
            create="/v1/blobstores/{type}",
            item="/v1/blobstores/{type}/{name}",
            remove="/v1/blobstores/{name}",
            replaces=frozenset({("path",)}),
        ),
        "repository": Kind(
            token="Repository",
            shape=Shape.COLLECTION,
            create="/v1/repositories/{format}/{type}",
            item="/v1/repositories/{format}/{type}/{name}",
            remove="/v1/repositories/{name}",
            listing="/v1/repositorySettings",
            answered=MappingProxyType({"routingRule": "routingRuleName"}),
            replaces=frozenset({("storage", "blobStoreName")}),
            unordered=frozenset({("cleanup", "policyNames")}),
            # Accepted and not given back by many versions since 3.84.
            unreadable=frozenset({("storage", "latestPolicy")}),
        ),
        "role": Kind(
            token="Role",
            shape=Shape.COLLECTION,
            create="/v1/security/roles",
            item="/v1/security/roles/{name}",
            remove="/v1/security/roles/{name}",
            listing="/v1/security/roles",
            identity="id",
            unordered=frozenset({("privileges",), ("roles",)}),
        ),
        "user": Kind(
            token="User",
            shape=Shape.COLLECTION,
            create="/v1/security/users",
            item="/v1/security/users/{name}",
            remove="/v1/security/users/{name}",
            # A prefix match that ignores case: the exact one is picked from the answer.
            lookup="/v1/security/users?userId={name}&source=default",
            password="/v1/security/users/{name}/change-password",
            identity="userId",
            constants=MappingProxyType({"source": "default"}),
            unordered=frozenset({("roles",)}),
        ),
        "realms": Kind(token="Realms", shape=Shape.SETTING, item="/v1/security/realms/active", wrapped="active"),
        "anonymous": Kind(token="AnonymousAccess", shape=Shape.SETTING, item="/v1/security/anonymous"),
        "password": Kind(token="Password", shape=Shape.PASSWORD, item="/v1/security/users/{name}/change-password"),
        "eula": Kind(token="Eula", shape=Shape.AGREEMENT, item="/v1/system/eula"),
    }
)
