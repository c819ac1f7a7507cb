import pulumi_docker as docker
from pulumi import ComponentResource, ResourceOptions

from components.docker_host.claim import Claim
from components.naming import token


class DockerNetwork(ComponentResource):
    """The bridge network on which nginx speaks plain HTTP to Nexus; only containers of the stack are on it."""

    def __init__(self, name: str, claim: Claim, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("DockerNetwork"), name, None, opts)
        network = docker.Network(
            name,
            name=claim.name("network"),
            labels=claim.network_labels,
            driver="bridge",
            opts=ResourceOptions(parent=self, ignore_changes=["labels"]),
        )
        self.network_name = network.name
        self.register_outputs({"network_name": self.network_name})
