from dataclasses import dataclass

import pulumi_docker as docker
from pulumi import ResourceOptions

from preflight.remote_engine import remote_engine_problem
from stacks.docker_settings import DockerSettings
from stacks.rules.refusal import end

# `destroy` does not run the program, and so not its check either: nothing else limits how long SSH waits.
_SSH_OPTIONS = ["-o", "ConnectTimeout=20"]


@dataclass(frozen=True)
class DockerEngineArgs:
    """The engine that runs the store's containers."""

    settings: DockerSettings


class DockerEngine(docker.Provider):
    """The engine of the stack: that of `docker.host`, or else of DOCKER_HOST, or else this machine's."""

    def __init__(self, name: str, args: DockerEngineArgs, opts: ResourceOptions | None = None) -> None:
        host = args.settings.host
        self.environment = {"DOCKER_HOST": host} if host else {}
        """The variables with which a docker command uses the same engine."""
        if args.settings.is_local:
            super().__init__(name, docker.ProviderArgs(host=host), opts)
        else:
            self._require(host or "")
            super().__init__(name, docker.ProviderArgs(host=host, ssh_opts=_SSH_OPTIONS), opts)

    def _require(self, host: str) -> None:
        """Ends the program if a remote engine does not answer: the provider would do so late, once per container."""
        if problem := remote_engine_problem(host):
            end(str(problem))
