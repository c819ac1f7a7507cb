from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from stacks.names import Port
from stacks.value import Value


class Routing(StrEnum):
    """How a docker request finds its repository; which repositories there are is not said here."""

    PATH = "path"
    SEED = "seed"


class NginxSettings(Value):
    """The nginx container and the addresses at which it is published on the docker host."""

    image: Annotated[str, Field(min_length=1)] = "nginx:1.29.8"
    bind_address: IPv4Address | IPv6Address = IPv4Address("0.0.0.0")  # noqa: S104 - the store is for others
    https_port: Port = 443
    http_port: Port = 80
    routing: Routing = Routing.PATH
    push_repository: str | None = None
    """The docker repository that takes pushes; None takes the only hosted one that the pull repository reads."""
    pull_repository: str | None = None
    """The docker repository that answers pulls; None takes the only docker group."""
    client_max_body_size: Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]*[kmgKMG]?)$")] = "0"
    """nginx's `client_max_body_size`: the largest upload, 0 for no limit."""

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        if self.https_port == self.http_port:
            raise ValueError(f"two different ports for httpsPort and httpPort (both are {self.https_port})")
        return self
