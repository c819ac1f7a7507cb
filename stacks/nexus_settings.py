import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from stacks.names import GENERATION_PATTERN, Bytes, mebibytes
from stacks.nexus_database import NexusDatabase
from stacks.value import Value


class NexusKind(StrEnum):
    """Who made the server that the image holds; not which version it is."""

    SONATYPE = "sonatype"
    STAND_IN = "stand-in"


# What the JVM needs beside its heap and direct buffers: metaspace, code cache, threads and the collector's own tables.
_OVERHEAD_MIB = 512


class NexusSettings(Value):
    """The Nexus container. Sizes are written like the JVM's: `2703m`, `4g`."""

    kind: NexusKind = NexusKind.SONATYPE
    image: Annotated[str, Field(min_length=1)] = "sonatype/nexus3:3.95.2"
    heap: Bytes = "2703m"
    direct_memory: Bytes = "512m"
    """The JVM's limit of buffers outside of its heap, which without one would be as large as the heap."""
    memory: Annotated[Bytes, Field(validate_default=True)] = "4g"
    database: NexusDatabase | None = None
    """None is the database within, on the data volume."""
    accept_eula: bool = False
    generation: Annotated[str, Field(pattern=GENERATION_PATTERN)] | None = None
    """The release, like 3.90, whose API the topology is checked against; None takes it from the image's tag."""
    open_files: Annotated[int, Field(ge=1024)] | None = None
    """The container's limit of open files; None takes 65536, or the host's hard limit where that is lower."""
    ready_timeout_seconds: Annotated[int, Field(ge=1)] = 600
    stop_timeout_seconds: Annotated[int, Field(ge=1)] = 120

    @property
    def version(self) -> str:
        """The version in the image's tag; empty for an image that is named by its digest alone."""
        found = re.search(r":(\d+(?:\.\d+)+)", self.image)
        return found.group(1) if found else ""

    @property
    def known_generation(self) -> str | None:
        """The release that the topology is checked against; None where nothing says which it is."""
        found = re.match(r"3\.\d+", self.generation or self.version)
        return found.group() if found else None

    @field_validator("memory")
    @classmethod
    def _heap_fits(cls, memory: str, info: ValidationInfo) -> str:
        heap, direct = info.data.get("heap"), info.data.get("direct_memory")
        if heap and direct and mebibytes(heap) + mebibytes(direct) + _OVERHEAD_MIB > mebibytes(memory):
            least = mebibytes(heap) + mebibytes(direct) + _OVERHEAD_MIB
            raise ValueError(
                f"at least {least}m: heap {heap} + directMemory {direct} + {_OVERHEAD_MIB}m for the JVM itself"
            )
        return memory
