import pulumi_docker as docker
from pulumi import ComponentResource, ResourceOptions

from components.naming import physical, token


class DockerNetwork(ComponentResource):
    """The bridge on which nginx talks plain HTTP to Nexus; nothing else is on it."""

    def __init__(self, name: str, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("DockerNetwork"), name, None, opts)
        network = docker.Network(name, name=physical("network"), driver="bridge", opts=ResourceOptions(parent=self))
        self.network_name = network.name
        self.register_outputs({"network_name": self.network_name})
