"""What a note about an upgrade can ask of the store: its settings, and the database that is on its data volume."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from nexus import model
from nexus.advice import key_at
from stacks import images
from stacks.managed_nexus import ManagedNexus
from stacks.settings import Settings
from stacks.topology.topology import Topology

_SONATYPE = re.compile(r"(?:.*/)?sonatype/nexus3(?:[:@]|$)")
_PRIVATE_SUFFIXES = (".internal", ".local", ".lan", ".intranet", ".corp", ".home", ".test", ".svc")


class Embedded(StrEnum):
    """An embedded database, by its files in the folder `db` of the data volume."""

    ORIENTDB = "OrientDB"
    H2_1 = "H2 1.x"
    H2 = "H2"
    UNKNOWN = ""
    """There are no files of any, as with PostgreSQL, or they were not read."""


@dataclass(frozen=True)
class Deployed:
    """The store for which an upgrade is judged."""

    settings: Settings
    nexus: ManagedNexus
    embedded: Embedded = Embedded.UNKNOWN

    @property
    def topology(self) -> Topology:
        return self.settings.topology

    def runs_on(self, database: Embedded) -> bool:
        """Whether Nexus would read this embedded database; never with `nexus.database`."""
        return self.nexus.database is None and self.embedded is database

    @property
    def is_own_image(self) -> bool:
        """Whether somebody else than Sonatype built the image; a mirror of Sonatype's counts as theirs."""
        return not _SONATYPE.match(self.nexus.image) and not self.nexus.image.startswith(images.STAND_IN)

    def named(self, *words: str) -> bool:
        """Whether the image's tag has one of these words, like java11 in 3.70.1-java11-alpine."""
        return bool(set(words) & set(self.nexus.image.partition("@")[0].rpartition(":")[2].split("-")))

    def keys(self, section: str, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(key_at(section, name) for name in names)

    def all_of(self, section: str) -> tuple[str, ...]:
        return self.keys(section, self.topology.named(section))

    def blob_stores(self, type_: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The names and bucket configurations of those of the type."""
        for name, store in self.topology.blob_stores.items():
            if store.type == type_:
                yield name, store.bucket_configuration or {}

    def s3_endpoints(self) -> Iterator[tuple[str, str]]:
        """The S3 blob stores that name an endpoint: they are not Amazon's."""
        for name, bucket in self.blob_stores("s3"):
            for part in ("advancedBucketConnection", "advancedConnection"):
                if endpoint := model.at(bucket, (part, "endpoint")):
                    yield name, str(endpoint)

    def remotes(self) -> Iterator[tuple[str, str]]:
        """The proxies with their remote URLs."""
        for name, repository in self.topology.repositories.items():
            if remote := model.at(repository.declared, ("proxy", "remoteUrl")):
                yield name, str(remote)

    def asset_patterns(self) -> Iterator[str]:
        for name, policy in self.topology.cleanup_policies.items():
            if policy.declared.get("criteriaAssetRegex"):
                yield key_at("cleanupPolicies", name, "criteriaAssetRegex")

    def private_hosts(self) -> Iterator[str]:
        """What Nexus fetches from such hosts, unless the stack declares what it may reach."""
        if not self.topology.named("ssrfProtection"):
            for name, url in self.remotes():
                if _is_private(url):
                    yield key_at("repositories", name, "proxy", "remoteUrl")
            yield from self.keys("blobStores", (name for name, url in self.s3_endpoints() if _is_private(url)))

    def closed_registries(self) -> Iterator[str]:
        """Docker repositories that want a login, while there are rights without one."""
        if self.settings.anonymous_access.enabled:
            for name, each in self.topology.repositories.items():
                if each.format == "docker" and not each.uses_token_realm:
                    yield key_at("repositories", name, "docker", "forceBasicAuth")

    def path_selectors(self) -> Iterator[str]:
        for name, selector in self.topology.content_selectors.items():
            if "path" in str(selector.declared.get("expression")):
                yield key_at("contentSelectors", name)

    def unseen_cleanup(self) -> Iterator[str]:
        """Repositories that were there before, whose cleanup the stack leaves as it is."""
        for name, each in self.topology.repositories.items():
            if each.adopt and model.at(each.declared, ("cleanup", "policyNames")) is None:
                yield key_at("repositories", name)

    def tasks_of(self, type_: str) -> tuple[str, ...]:
        tasks = self.topology.tasks.items()
        return self.keys("tasks", (name for name, task in tasks if task.declared.get("type") == type_))


def _is_private(url: str) -> bool:
    """Whether its host is surely not on the internet: a private address, or a name that no public DNS has."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        address = ip_address(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(_PRIVATE_SUFFIXES))
    return not address.is_global
