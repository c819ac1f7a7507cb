from dataclasses import dataclass

from pulumi import Output, Resource

from components.docker_host.docker_engine import DockerEngine


@dataclass(frozen=True)
class NexusDisk:
    """The volume of a Nexus that the stack runs, with which all that is on the server goes."""

    engine: DockerEngine
    volume: Resource
    instance: Output[str]
    """Names the volume's content: another one means another, empty server."""
