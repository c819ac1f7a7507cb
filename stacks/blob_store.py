from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stacks.value import Value


class OnDelete(StrEnum):
    """What happens to a blob store's files when it leaves the stack file; Nexus itself never removes them."""

    KEEP = "keep"
    PURGE = "purge"


class SoftQuota(Value):
    type: Literal["spaceRemainingQuota", "spaceUsedQuota"]
    limit: Annotated[int, Field(ge=1_000_000)]
    """In bytes, whatever Nexus's own document says (its code stores the number as quotaLimitBytes)."""


class BlobStore(Value):
    """A file blob store; `path` is relative to `blobs/` of the data volume, by default its name."""

    type: Literal["file"] = "file"
    path: str | None = None
    soft_quota: SoftQuota | None = None
    on_delete: OnDelete = OnDelete.KEEP

    @model_validator(mode="after")
    def _purges_inside_only(self) -> Self:
        path = PurePosixPath(self.path or ".")
        if self.on_delete is OnDelete.PURGE and (path.is_absolute() or ".." in path.parts):
            raise ValueError("onDelete: purge only with a path inside the data volume's blobs folder")
        return self
