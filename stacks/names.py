"""The spellings that the stack file's names must have."""

from typing import Annotated

from pydantic import Field, StringConstraints

# RFC 1123: labels of letters, digits and hyphens. Upper case is refused because docker refuses it in an image's name.
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOSTNAME_PATTERN = rf"^{_LABEL}(\.{_LABEL})+$"
REGISTRY_PATTERN = rf"^{_LABEL}(\.{_LABEL})+(:[1-9][0-9]{{0,4}})?$"
GENERATION_PATTERN = r"^3\.[0-9]+$"
HOST_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$"
SQL_NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_-]*$"
# What docker takes as the source of a mount: an absolute path or the name of a volume.
PLACE_PATTERN = r"^(/[^,\"\s]*[^,\"\s/]|[a-zA-Z0-9][a-zA-Z0-9_.-]+)$"

Hostname = Annotated[str, StringConstraints(pattern=HOSTNAME_PATTERN, max_length=253)]
Port = Annotated[int, Field(ge=1, le=65535)]
# As the JVM and Docker write it: a whole number and one of k, m, g.
Bytes = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*[kmg]$")]

_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def mebibytes(size: str) -> int:
    """The size in MiB, rounded down, which is the unit of Docker's memory limit in Pulumi."""
    return int(size[:-1]) * _UNITS[size[-1]] >> 20
