from dataclasses import dataclass

from pulumi import Input, Resource, ResourceOptions

from components.docker_host.claim import Claim
from components.docker_host.docker_engine import DockerEngine


@dataclass(frozen=True)
class Serving:
    """The nginx that serves a certificate, and the engine and network for an ACME container beside it."""

    engine: DockerEngine
    claim: Claim
    network_name: Input[str]
    nginx_volume: Input[str]
    nginx_loaded: Resource
    """Done when nginx serves the stack's configuration."""
    opts: ResourceOptions
    retained: frozenset[str] = frozenset()
    """The roles of the volumes that `destroy` leaves behind."""
