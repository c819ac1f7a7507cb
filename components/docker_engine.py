from dataclasses import dataclass

import pulumi_docker as docker
from pulumi import ResourceOptions

from stacks.docker_settings import DockerSettings


@dataclass(frozen=True)
class DockerEngineArgs:
    """The engine that runs the store's containers."""

    settings: DockerSettings


class DockerEngine(docker.Provider):
    """The engine of the stack; without a host it is the one that DOCKER_HOST names, or this machine's."""

    def __init__(self, name: str, args: DockerEngineArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, docker.ProviderArgs(host=args.settings.host), opts)
        host = args.settings.host
        self.environment = {"DOCKER_HOST": host} if host else {}
        """What a docker command needs in its environment to speak to the same engine."""
