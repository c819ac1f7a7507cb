"""The interface of the section `nexus`, so that no other code asks whether the server is managed or external."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from nexus.problem import Problem
from stacks.docker_routes import DockerRoutes
from stacks.endpoint import Endpoint
from stacks.nginx_settings import NginxSettings
from stacks.patterns import GENERATION_PATTERN
from stacks.registries import Registries
from stacks.tls_mode import TlsMode
from stacks.topology.topology import Topology
from stacks.value import Agreement, Value


class NexusKind(StrEnum):
    """Which program the server is, whatever its version."""

    SONATYPE = "sonatype"
    STAND_IN = "stand-in"


class NexusMode(Value):
    """A managed or an external Nexus: a subclass for each, with its store in `components`."""

    kind: NexusKind = NexusKind.SONATYPE
    accept_eula: Agreement = False
    generation: Annotated[str, Field(pattern=GENERATION_PATTERN)] | None = None
    """The release, like 3.90, whose API the topology is checked against; None means that of the image's tag."""

    @property
    def version(self) -> str:
        """The version if the stack file gives one, else empty."""
        return self.generation or ""

    @property
    def known_generation(self) -> str | None:
        """The release that the topology is checked against; None if it is unknown."""
        found = re.match(r"3\.\d+", self.generation or self.version)
        return found.group() if found else None

    @property
    def agrees(self) -> bool:
        """Whether the stack accepts the server's licence agreement."""
        return self.accept_eula

    @property
    @abstractmethod
    def is_managed(self) -> bool:
        """Whether the stack runs it, in a container with its files on the engine's host."""

    @abstractmethod
    def problems(self, topology: Topology) -> list[Problem]:
        """What a valid topology declares that this server cannot have."""

    @abstractmethod
    def endpoint(self, hostname: str, nginx: NginxSettings) -> Endpoint:
        """Where clients reach the server."""

    @abstractmethod
    def routes(self, topology: Topology, nginx: NginxSettings) -> DockerRoutes | None:
        """How nginx routes docker's requests; None without docker repositories or without an nginx."""

    @abstractmethod
    def registries(self, routes: DockerRoutes | None, endpoint: Endpoint) -> Registries:
        """The registry names at which docker clients reach the server."""

    def images(self, nginx: NginxSettings, tls: TlsMode) -> Mapping[str, str]:
        """The images of the containers that the stack runs, by their keys of the stack file."""
        return {}

    @property
    def database_address(self) -> str | None:
        """The URL of the external database; None if Nexus uses its embedded one."""
        return None

    @property
    def newest_encryption_key(self) -> str | None:
        """The id of the key with which the server encrypts; None if the stack sets no keys."""
        return None
