"""Types of single values in a stack file: names, addresses, numbers and sizes."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints

from stacks.patterns import BYTES_PATTERN, EMAIL_PATTERN, HOSTNAME_PATTERN, IMAGE_PATTERN


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


def _one_line(password: SecretStr) -> SecretStr:
    text = password.get_secret_value()
    if not text or not text.isprintable():
        raise ValueError("a password of printable characters, on one line")
    return password


Hostname = Annotated[str, StringConstraints(pattern=HOSTNAME_PATTERN, max_length=253), AfterValidator(_hostname)]
Address = Annotated[IPv4Address | IPv6Address, BeforeValidator(_address)]
Whole = Annotated[int, BeforeValidator(_number)]
"""A whole number; not true or false, which are 1 and 0 to Python."""
Port = Annotated[Whole, Field(ge=1, le=65535)]
Days = Annotated[Whole, Field(ge=1, le=36500)]
Seconds = Annotated[Whole, Field(ge=1, le=7 * 24 * 60 * 60)]
Image = Annotated[str, StringConstraints(pattern=IMAGE_PATTERN)]
Email = Annotated[str, StringConstraints(pattern=EMAIL_PATTERN)]
Password = Annotated[SecretStr, AfterValidator(_one_line)]
"""A password that HTTP, docker and properties files all accept."""
Bytes = Annotated[str, StringConstraints(pattern=BYTES_PATTERN)]

_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def mebibytes(size: str) -> int:
    """The size in MiB, rounded down, which is the unit of Docker's memory limit in Pulumi."""
    return int(size[:-1]) * _UNITS[size[-1]] >> 20
