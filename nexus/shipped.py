"""What a new Nexus comes with."""

from collections.abc import Mapping

from nexus.objects.ref import Ref

REPOSITORIES = frozenset({"maven-central", "maven-public", "maven-releases", "maven-snapshots"})
"""On the blob store `default`. Undeclared settings, such as the remote of maven-central, are left to the server."""


def is_shipped(ref: Ref) -> bool:
    return ref.kind == "repository" and ref.name in REPOSITORIES


def is_indelible(ref: Ref) -> bool:
    """Nexus refuses to delete its first blob store."""
    return (ref.kind, ref.name) == ("blobStore", "default")


CAPABILITIES: Mapping[str, Mapping[str, str]] = {
    "audit": {},
    "OutreachManagementCapability": {},
    "rapture.settings": {
        "title": "Sonatype Nexus Repository",
        "debugAllowed": "true",
        "statusIntervalAuthenticated": "5",
        "statusIntervalAnonymous": "60",
        "sessionTimeout": "30",
        "requestTimeout": "60",
        "longRequestTimeout": "180",
    },
}
"""The capabilities of a new server by type, with their properties; all of them are enabled."""
