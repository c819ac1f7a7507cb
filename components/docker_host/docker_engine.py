from dataclasses import dataclass

import pulumi_docker as docker
from pulumi import ResourceOptions

from preflight.remote_engine import remote_engine_problem
from stacks.docker_settings import DockerSettings
from stacks.rules.refusal import end

# Where the program does not run first, on `destroy`, nothing else bounds how long SSH waits.
_SSH_OPTIONS = ["-o", "ConnectTimeout=20"]


@dataclass(frozen=True)
class DockerEngineArgs:
    """The engine that runs the store's containers."""

    settings: DockerSettings


class DockerEngine(docker.Provider):
    """The engine of the stack; without a host it is the one that DOCKER_HOST names, or this machine's."""

    def __init__(self, name: str, args: DockerEngineArgs, opts: ResourceOptions | None = None) -> None:
        host = args.settings.host
        self.environment = {"DOCKER_HOST": host} if host else {}
        """What a docker command needs in its environment to speak to the same engine."""
        if args.settings.is_local:
            super().__init__(name, docker.ProviderArgs(host=host), opts)
        else:
            self._require(host or "")
            super().__init__(name, docker.ProviderArgs(host=host, ssh_opts=_SSH_OPTIONS), opts)

    def _require(self, host: str) -> None:
        """Ends the program when another host does not answer: the provider would say it once a container, and late."""
        if problem := remote_engine_problem(host):
            end(str(problem))
