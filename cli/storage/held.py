"""The content of a server's blob stores and repositories, by its REST API."""

import math
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nexus.http.listing import Api
from stacks.layout import DATA_FOLDER

_AT_ONCE = 4
_PAGES = 100_000


@dataclass(frozen=True)
class BlobStore:
    """An entry of /v1/blobstores; sizes are in bytes."""

    name: str
    type: str
    blobs: int
    size: int
    """Including what is deleted but not compacted yet."""
    available: int | None
    """None for stores in a cloud."""
    quota: str


@dataclass(frozen=True)
class Repository:
    """A repository with the totals of its /v1/assets; sizes are in bytes."""

    name: str
    kind: str
    blob_store: str
    assets: int
    size: int
    never: int
    """Bytes of assets that were never downloaded."""
    has_more: bool = False
    """Whether the time to count was over before its end."""


@dataclass(frozen=True)
class Held:
    blob_stores: tuple[BlobStore, ...]
    repositories: tuple[Repository, ...]


def held(api: Api, seconds: float = math.inf) -> Held:
    """Reads all pages of every list, except for groups, which have no content of their own.

    After so many seconds, only the first page of each repository is read.
    """
    until = time.monotonic() + seconds
    stores = tuple(_blob_store(each) for each in api.get("/v1/blobstores"))
    settings = [each for each in api.get("/v1/repositorySettings") if each["type"] != "group"]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        repositories = tuple(pool.map(lambda each: _repository(api, each, until), settings))
    return Held(stores, tuple(sorted(repositories, key=lambda each: -each.size)))


def folders(api: Api, stores: tuple[BlobStore, ...]) -> dict[str, str]:
    """The folder of each file blob store in Nexus's container."""
    found = {}
    for store in stores:
        if store.type == "File":
            path = str(api.get(f"/v1/blobstores/file/{quote(store.name, safe='')}")["path"])
            found[store.name] = path if path.startswith("/") else f"{DATA_FOLDER}/blobs/{path}"
    return found


def available(body: Mapping[str, Any]) -> int | None:
    """The free bytes of an entry of /v1/blobstores; None for stores in a cloud, which have no limit."""
    free = body.get("availableSpaceInBytes")
    return free if isinstance(free, int) and 0 < free < 1 << 62 else None


def _blob_store(body: Mapping[str, Any]) -> BlobStore:
    quota = body.get("softQuota") or {}
    return BlobStore(
        name=str(body["name"]),
        type=str(body["type"]),
        blobs=int(body.get("blobCount") or 0),
        size=int(body.get("totalSizeInBytes") or 0),
        available=available(body),
        quota=f"{quota['type']} {quota['limit']}" if quota.get("type") else "",
    )


def _repository(api: Api, settings: Mapping[str, Any], until: float) -> Repository:
    assets = size = never = 0
    has_more = False
    for page in pages(api, "/v1/assets", str(settings["name"])):
        if has_more := bool(assets) and time.monotonic() > until:
            break
        for asset in page:
            bytes_ = int(asset.get("fileSize") or 0)
            assets, size = assets + 1, size + bytes_
            never += 0 if asset.get("lastDownloaded") else bytes_
    return Repository(
        name=str(settings["name"]),
        kind=f"{settings['format']} {settings['type']}",
        blob_store=str((settings.get("storage") or {}).get("blobStoreName", "")),
        assets=assets,
        size=size,
        never=never,
        has_more=has_more,
    )


def pages(api: Api, path: str, repository: str) -> Iterator[list[Mapping[str, Any]]]:
    """The pages of a list of what a repository holds."""
    token = ""
    for _ in range(_PAGES):
        page = api.get(path, repository=repository, **({"continuationToken": token} if token else {}))
        yield page.get("items") or []
        following = page.get("continuationToken")
        if not following or following == token:
            return
        token = str(following)
