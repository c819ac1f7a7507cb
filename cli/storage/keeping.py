"""The versions beyond the last ones of each component, which Nexus's free edition has no policy for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Protocol
from urllib.parse import quote

from nexus.errors import NotFound
from stacks.maintenance import Kept

_PAGES = 100_000
_IMAGE = re.compile(r"[^/]+/(?P<name>[^@]+?)(?::(?P<tag>[\w][\w.-]*))?(?:@sha256:(?P<digest>[0-9a-f]{64}))?")


class Api(Protocol):
    """What is asked of nexus.http.client.NexusClient."""

    def get(self, path: str, **query: str) -> Any: ...

    def delete(self, path: str) -> None: ...


@dataclass(frozen=True)
class Version:
    """A component of Nexus: a version of something, for docker a tag of an image."""

    id: str
    component: str
    """Group and name."""
    version: str
    uploaded: datetime
    """When something of it was uploaded or overwritten last, by Nexus's clock."""
    digests: frozenset[str] = frozenset()
    """Of a tag, the SHA-256 of its manifest."""


@dataclass(frozen=True)
class Images:
    """What is in use of the store's images: name and tag, and digests."""

    tags: frozenset[tuple[str, str]]
    digests: frozenset[str]

    @classmethod
    def of(cls, references: Iterable[str]) -> "Images":
        """Of references like `nexus.domain.org/team/app:1`; without a tag it is `latest`, as docker takes it."""
        found = [match for each in references if (match := _IMAGE.fullmatch(each.strip()))]
        tags = {(match["name"], match["tag"] or "latest") for match in found if match["tag"] or not match["digest"]}
        return cls(frozenset(tags), frozenset(match["digest"] for match in found if match["digest"]))

    def have(self, version: Version) -> bool:
        """By a path of a registry an image's name has that of the repository before it."""
        return bool(self.digests & version.digests) or any(
            tag == version.version and (name == version.component or name.endswith(f"/{version.component}"))
            for name, tag in self.tags
        )


def versions(api: Api, repository: str) -> Iterator[Version]:
    """Of a repository, every page of them; what has no version is none, and nothing that has no time either."""
    token = ""
    for _ in range(_PAGES):
        page = api.get("/v1/components", repository=repository, **({"continuationToken": token} if token else {}))
        yield from filter(None, map(_version, page.get("items") or ()))
        following = page.get("continuationToken")
        if not following or following == token:
            return
        token = str(following)


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
    """What goes: of each component all but the last versions, those whose name is protected, and those in use.

    A tag stays beside another one of the same manifest: who removes a manifest takes all of its tags.
    """
    components: dict[str, list[Version]] = defaultdict(list)
    for each in found:
        components[each.component].append(each)
    return [each for _, of_one in sorted(components.items()) for each in _unshared(of_one, _older(of_one, kept, used))]


def _older(found: list[Version], kept: Kept, used: Images) -> list[Version]:
    newest_first = sorted(found, key=lambda version: version.uploaded, reverse=True)
    return [
        each for each in newest_first[kept.last :] if not _is_protected(each, kept.protected) and not used.have(each)
    ]


def _unshared(found: list[Version], going: list[Version]) -> list[Version]:
    staying = frozenset[str]().union(*(each.digests for each in found if each not in going))
    return [each for each in going if not each.digests & staying]


def _is_protected(version: Version, patterns: Iterable[str]) -> bool:
    """A pattern is of a version, or of a component and a version."""
    names = (version.version, f"{version.component}:{version.version}")
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def remove(api: Api, going: Iterable[Version]) -> int:
    """Takes them away; how many there still were."""
    gone = 0
    for each in going:
        try:
            api.delete(f"/v1/components/{quote(each.id, safe='')}")
            gone += 1
        except NotFound:
            continue  # somebody else took it
    return gone
