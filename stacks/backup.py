from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from stacks.names import Whole
from stacks.patterns import PLACE_PATTERN
from stacks.value import Value


def _outside(location: str) -> str:
    if "-nexus-data" in location:
        raise ValueError("a place outside the data volume, since the backups would be lost with it")
    return location


class Backup(Value):
    """Where `make backup` puts its snapshots of the data volume."""

    location: Annotated[str, StringConstraints(pattern=PLACE_PATTERN), AfterValidator(_outside)]
    """An existing folder of the docker host, or the name of a volume."""
    keep: Annotated[Whole, Field(ge=1, le=10_000)]
    """How many snapshots remain after a backup."""
