"""The spellings that the stack file's names must have."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

# RFC 1123: labels of letters, digits and hyphens. Upper case is refused because docker refuses it in an image's name.
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOSTNAME_PATTERN = rf"^{_LABEL}(\.{_LABEL})+$"
REGISTRY_PATTERN = rf"^{_LABEL}(\.{_LABEL})+(:[1-9][0-9]{{0,4}})?$"
GENERATION_PATTERN = r"^3\.[0-9]+$"
HOST_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$"
SSH_HOST_PATTERN = r"^[A-Za-z0-9:][A-Za-z0-9.:_-]*$"
SQL_NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_-]*$"
# What docker takes as the source of a mount: an absolute path or the name of a volume.
PLACE_PATTERN = r"^(/[^,\"\s]*[^,\"\s/]|[a-zA-Z0-9][a-zA-Z0-9_.-]+)$"

# As Docker's own grammar has it (distribution/reference): registry, path, tag, digest. Without either of the last two
# it would be whatever is the newest on the day.
_COMPONENT = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
IMAGE_PATTERN = (
    rf"^(([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?/)?{_COMPONENT}(/{_COMPONENT})*"
    r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$"
)
_DOMAIN_LABEL = r"[^\W_]([\w-]*[^\W_])?"
# As Nexus's own validation has it; nexus/schema/corrections.json has the same.
EMAIL_PATTERN = rf'^("[^"\s][^"]*"|[^@\s<>,;"]+)@({_DOMAIN_LABEL}(\.{_DOMAIN_LABEL})*|\[[0-9A-Fa-f.:]+\])$'
EMAIL_ALLOWED = "an e-mail address, like ops@domain.org"
# As the JVM and Docker write it: a whole number and one of k, m, g.
BYTES_PATTERN = r"^[1-9][0-9]{0,8}[kmg]$"


def _hostname(name: str) -> str:
    if name.rpartition(".")[2].isdecimal():
        raise ValueError("a DNS name, like nexus.domain.org; an IP address belongs under the key address")
    return name


def _address(given: object) -> object:
    if isinstance(given, IPv4Address | IPv6Address):
        return given
    try:
        return ip_address(given if isinstance(given, str) else "")
    except ValueError:
        raise ValueError("an IPv4 or IPv6 address, like 10.0.0.5 or fd00::5") from None


def _number(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("a whole number")
    return given


Hostname = Annotated[str, StringConstraints(pattern=HOSTNAME_PATTERN, max_length=253), AfterValidator(_hostname)]
Address = Annotated[IPv4Address | IPv6Address, BeforeValidator(_address)]
Whole = Annotated[int, BeforeValidator(_number)]
"""A whole number, and no true or false, which Python takes for 1 and 0."""
Port = Annotated[Whole, Field(ge=1, le=65535)]
Days = Annotated[Whole, Field(ge=1, le=36500)]
Seconds = Annotated[Whole, Field(ge=1, le=7 * 24 * 60 * 60)]
Image = Annotated[str, StringConstraints(pattern=IMAGE_PATTERN)]
Email = Annotated[str, StringConstraints(pattern=EMAIL_PATTERN)]
Bytes = Annotated[str, StringConstraints(pattern=BYTES_PATTERN)]

_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def mebibytes(size: str) -> int:
    """The size in MiB, rounded down, which is the unit of Docker's memory limit in Pulumi."""
    return int(size[:-1]) * _UNITS[size[-1]] >> 20
