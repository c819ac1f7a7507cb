import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from stacks.patterns import GENERATION_PATTERN
from stacks.value import Agreement, Value


class NexusKind(StrEnum):
    """Who made the server; not which version it is."""

    SONATYPE = "sonatype"
    STAND_IN = "stand-in"


class NexusRelease(Value):
    """Which Nexus it is, whoever runs it."""

    kind: NexusKind = NexusKind.SONATYPE
    accept_eula: Agreement = False
    generation: Annotated[str, Field(pattern=GENERATION_PATTERN)] | None = None
    """The release, like 3.90, whose API the topology is checked against; None takes it from the image's tag."""

    @property
    def version(self) -> str:
        """The version as far as the stack file says it, else empty."""
        return self.generation or ""

    @property
    def known_generation(self) -> str | None:
        """The release that the topology is checked against; None where nothing says which it is."""
        found = re.match(r"3\.\d+", self.generation or self.version)
        return found.group() if found else None
