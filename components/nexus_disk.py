from dataclasses import dataclass

from pulumi import Output, Resource

from components.docker_host.docker_engine import DockerEngine


@dataclass(frozen=True)
class NexusDisk:
    """The data volume of a managed Nexus. Deleting it deletes everything on the server."""

    engine: DockerEngine
    volume: Resource
    instance: Output[str]
    """Identifies the volume's content: another value means a new, empty server."""
