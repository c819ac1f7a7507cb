"""What the section `nexus` of every stack answers, so that no other code asks who runs the server."""

import re
from abc import abstractmethod
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from nexus.problem import Problem
from stacks.docker_routes import DockerRoutes
from stacks.endpoint import Endpoint
from stacks.nginx_settings import NginxSettings
from stacks.patterns import GENERATION_PATTERN
from stacks.registries import Registries
from stacks.topology.topology import Topology
from stacks.value import Agreement, Value


class NexusKind(StrEnum):
    """Who made the server; not which version it is."""

    SONATYPE = "sonatype"
    STAND_IN = "stand-in"


class NexusMode(Value):
    """Which Nexus it is: a subclass for a managed one and for an external one, each with its store in `components`."""

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

    @property
    @abstractmethod
    def is_managed(self) -> bool:
        """Whether the stack runs it, in a container whose files are on the engine's host."""

    @abstractmethod
    def problems(self, topology: Topology) -> list[Problem]:
        """What of a well-formed topology cannot be on this server."""

    @abstractmethod
    def endpoint(self, hostname: str, nginx: NginxSettings) -> Endpoint:
        """Where clients reach the server."""

    @abstractmethod
    def routes(self, topology: Topology, nginx: NginxSettings) -> DockerRoutes | None:
        """How nginx routes docker's requests; None without docker repositories, and where the stack runs no nginx."""

    @abstractmethod
    def registries(self, routes: DockerRoutes | None, endpoint: Endpoint) -> Registries:
        """The names at which docker clients find the server."""

    @property
    def database_address(self) -> str | None:
        """The database beside the data volume that the stack gives the server; None where it gives none."""
        return None

    @property
    def newest_encryption_key(self) -> str | None:
        """The id of the key under which the stack has the server encrypt; None where the stack leaves it to Nexus."""
        return None
