from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, Literal, Self

from pydantic import model_validator

from stacks.size import Size
from stacks.value import Adoption, Value

TYPES = ("file", "s3", "azure", "google", "group")


class OnDelete(StrEnum):
    """What happens to a blob store's files when it leaves the stack file; Nexus itself never removes them."""

    KEEP = "keep"
    PURGE = "purge"


class SoftQuota(Value):
    type: Literal["spaceRemainingQuota", "spaceUsedQuota"]
    limit: Size
    """In bytes, although Nexus's documentation says otherwise: its code stores the number as quotaLimitBytes."""


class BlobStore(Value):
    """A blob store. A file store's `path` is relative to `blobs/` of the data volume, by default its name."""

    type: Literal["file", "s3", "azure", "google", "group"] = "file"
    path: str | None = None
    soft_quota: SoftQuota | None = None
    bucket_configuration: Mapping[str, Any] | None = None
    """For s3, azure and google, as in Nexus's REST API."""
    members: tuple[str, ...] | None = None
    """The blob stores of a group."""
    fill_policy: Literal["roundRobin", "writeToFirst"] | None = None
    on_delete: OnDelete = OnDelete.KEEP
    adopt: Adoption = False

    @property
    def request(self) -> str:
        return f"blobStore/{self.type}"

    @property
    def declared(self) -> dict[str, Any]:
        """The body of its create request, without its name."""
        return self.model_dump(by_alias=True, mode="json", exclude_none=True, exclude={"type", "on_delete", "adopt"})

    @model_validator(mode="after")
    def _purges_inside_only(self) -> Self:
        path = PurePosixPath(self.path or ".")
        if self.on_delete is OnDelete.PURGE and (path.is_absolute() or ".." in path.parts):
            raise ValueError("onDelete: purge only with a path inside the data volume's blobs folder")
        if self.on_delete is OnDelete.PURGE and self.type != "file":
            raise ValueError("onDelete: purge only for blob stores of the type file")
        return self
