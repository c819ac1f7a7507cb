"""Capabilities."""

from collections.abc import Mapping
from operator import itemgetter

from nexus.kinds.base import Collection
from nexus.model import Path

SHIPPED: Mapping[str, Mapping[str, str]] = {
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
IN_PROPERTIES: Mapping[Path, str] = {
    ("properties", "repositoryName"): "repository",
    ("properties", "repository"): "repository",
    ("properties", "blobstoreName"): "blobStore",
    ("properties", "blobStoreName"): "blobStore",
}
"""What the properties of capabilities and tasks name."""
CAPABILITY = Collection.at(
    "/v1/capabilities",
    "{id}",
    token="Capability",
    section="capabilities",
    refers=IN_PROPERTIES,
    identity="",
    id_field="id",
    key=itemgetter("type"),
    replaces=frozenset({("type",)}),
)
