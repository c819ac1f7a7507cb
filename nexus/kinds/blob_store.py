"""Blob stores."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from nexus import model
from nexus.errors import NexusError, Rejected
from nexus.kinds.base import REMOTE, Collection, Props
from nexus.kinds.form import Body
from nexus.kinds.repository import SHIPPED
from nexus.model import Ref
from nexus.problem import Problem

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.objects.objects import Objects

_TYPES = {"File": "file", "S3": "s3", "Azure Cloud Storage": "azure", "Google Cloud Storage": "google"}


class BlobStore(Collection):
    """What holds content: Nexus moves none, and deletes no blob store that something uses."""

    ignores_case: ClassVar[bool] = True
    is_listed_whole: ClassVar[bool] = False
    holds_content: ClassVar[bool] = True

    def is_own(self, entry: Mapping[str, Any]) -> bool:
        return super().is_own(entry) or entry.get("name") == "default"

    def title(self, variant: str) -> str:
        return f"blob stores of the type {variant}"

    def place(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        return "", _TYPES.get(str(entry.get("type")), "group")

    def is_indelible(self, name: str) -> bool:
        """Nexus refuses to delete its first blob store."""
        return name == "default"

    def from_list(self, found: Body, declared: Mapping[str, Any]) -> Body | None:
        """The listing has no `path`, which only our requests change, and nothing of a cloud's configuration."""
        if set(declared) - {"path"} - set(found):
            return None
        return {**({"path": declared["path"]} if "path" in declared else {}), **found}

    def refuse_move(
        self, ref: Ref, there: Callable[[], Mapping[str, Any] | None], body: Mapping[str, Any], old: Props | None = None
    ) -> None:
        """Servers accept another path, and then no longer find the content."""
        if old is not None and old.get("path") == body.get("path"):
            return
        path, wanted = (there() or {}).get("path"), body.get("path")
        if path and wanted and path != wanted:
            raise Rejected(
                Problem(
                    str(ref),
                    f"path is {path} and cannot become {wanted}: Nexus does not move files and would not find them",
                    str(path),
                    f"declare path: {path}, or a {ref.kind} of another name",
                    str(wanted),
                )
            )

    def leave(self, objects: Objects, ref: Ref, props: Props) -> None:
        """Deletes it, or leaves it if only shipped repositories use it."""
        try:
            objects.delete(ref)
        except Rejected:
            users = _users(objects.client, ref.name)
            if not users or users - SHIPPED:
                raise
            print(f"{ref} stays: {', '.join(sorted(users))} is on it", file=sys.stderr, flush=True)


def _users(client: NexusClient, store: str) -> frozenset[str]:
    try:
        found = client.get("/v1/repositorySettings") or []
    except NexusError:
        return frozenset()
    return frozenset(each["name"] for each in found if model.at(each, ("storage", "blobStoreName")) == store)


BLOB_STORE = BlobStore(
    token="BlobStore",
    section="blobStores",
    after=REMOTE,
    local=frozenset({"file", "group"}),
    refers={("members",): "blobStore"},
    create="/v1/blobstores/{type}",
    item="/v1/blobstores/{type}/{name}",
    remove="/v1/blobstores/{name}",
    listing="/v1/blobstores",
    replaces=frozenset({("bucketConfiguration", "bucket", "name")}),
    # The order of a group's members has no meaning.
    unordered=frozenset({("members",)}),
    placeholders={("bucketConfiguration", "bucketSecurity", "sessionToken"): False},
)
