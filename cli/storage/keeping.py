"""Removes all but the last versions of each component, for which the Community Edition has no cleanup policy."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

from cli.storage.held import pages
from nexus.errors import NotFound
from nexus.http.listing import Api
from stacks.maintenance import Kept

_IMAGE = re.compile(r"[^/]+/(?P<name>[^@]+?)(?::(?P<tag>[\w][\w.-]*))?(?:@sha256:(?P<digest>[0-9a-f]{64}))?")


@dataclass(frozen=True)
class Version:
    """A component of Nexus, which is one version; for docker, one tag of an image."""

    id: str
    component: str
    """Group and name."""
    version: str
    uploaded: datetime
    """When an asset of it was last uploaded or overwritten, by Nexus's clock."""
    digests: frozenset[str] = frozenset()
    """For a tag, the SHA-256 of its manifest."""


@dataclass(frozen=True)
class Images:
    """The store's images that are in use, by name and tag, and by digest."""

    tags: frozenset[tuple[str, str]]
    digests: frozenset[str]

    @classmethod
    def of(cls, references: Iterable[str]) -> "Images":
        """Parses references like `nexus.domain.org/team/app:1`; without a tag it is `latest`, as for docker."""
        found = [match for each in references if (match := _IMAGE.fullmatch(each.strip()))]
        tags = {(match["name"], match["tag"] or "latest") for match in found if match["tag"] or not match["digest"]}
        return cls(frozenset(tags), frozenset(match["digest"] for match in found if match["digest"]))

    def have(self, version: Version) -> bool:
        """Whether the version is in use. In a registry with paths, an image's name starts with its repository."""
        return bool(self.digests & version.digests) or any(
            tag == version.version and (name == version.component or name.endswith(f"/{version.component}"))
            for name, tag in self.tags
        )


def versions(api: Api, repository: str) -> Iterator[Version]:
    """All versions in a repository, without components that have no version or no time."""
    for page in pages(api, "/v1/components", repository):
        yield from filter(None, map(_version, page))


def _version(component: Mapping[str, Any]) -> Version | None:
    assets = component.get("assets") or ()
    times = [str(time) for each in assets if (time := each.get("lastModified") or each.get("blobCreated"))]
    if not component.get("version") or not times or str(component["version"]).startswith("sha256:"):
        return None
    name = ":".join(str(component[key]) for key in ("group", "name") if component.get(key))
    images = assets if component.get("format") == "docker" else ()
    sums = [str((each.get("checksum") or {}).get("sha256") or "") for each in images]
    uploaded = max(map(datetime.fromisoformat, times))
    return Version(str(component["id"]), name, str(component["version"]), uploaded, frozenset(filter(None, sums)))


def beyond(found: Iterable[Version], kept: Kept, used: Images) -> list[Version]:
    """The versions to remove: all of each component except the last ones, protected ones, and those in use.

    A tag also stays if another tag of the same manifest stays, since removing a manifest removes all of its tags.
    """
    components: dict[str, list[Version]] = defaultdict(list)
    for each in found:
        components[each.component].append(each)
    return [each for _, own in sorted(components.items()) for each in _unshared(own, _older(own, kept, used))]


def _older(found: list[Version], kept: Kept, used: Images) -> list[Version]:
    newest_first = sorted(found, key=lambda version: version.uploaded, reverse=True)
    return [
        each for each in newest_first[kept.last :] if not _is_protected(each, kept.protected) and not used.have(each)
    ]


def _unshared(found: list[Version], removable: list[Version]) -> list[Version]:
    staying = frozenset[str]().union(*(each.digests for each in found if each not in removable))
    return [each for each in removable if not each.digests & staying]


def _is_protected(version: Version, patterns: Iterable[str]) -> bool:
    """A pattern matches a version, or a component and a version."""
    names = (version.version, f"{version.component}:{version.version}")
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def remove(delete: Callable[[str], None], removable: Iterable[Version]) -> int:
    """Removes the versions by the client's `delete`; returns how many still existed."""
    removed = 0
    for each in removable:
        try:
            delete(f"/v1/components/{quote(each.id, safe='')}")
            removed += 1
        except NotFound:
            continue  # somebody else has removed it
    return removed
