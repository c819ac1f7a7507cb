import os
from dataclasses import dataclass

import pulumi_docker as docker
from pulumi import ResourceOptions

from preflight.engine_endpoint import EngineEndpoint, NoEndpoint, engine_endpoint
from preflight.remote_engine import remote_engine_problem
from stacks.docker_settings import DockerSettings
from stacks.rules.refusal import end

# `destroy` does not run the program, and so not its check either: nothing else limits how long SSH waits.
_SSH_OPTIONS = ["-o", "ConnectTimeout=20"]


def endpoint_of(settings: DockerSettings) -> EngineEndpoint:
    """Where the engine is. Ends the program if docker's context names none that can be used."""
    try:
        return engine_endpoint(settings.host)
    except NoEndpoint as error:
        end(str(error))


@dataclass(frozen=True)
class DockerEngineArgs:
    """The engine that runs the store's containers."""

    settings: DockerSettings


class DockerEngine(docker.Provider):
    """The engine of the stack: that of `docker.host`, or else the one that the docker command uses."""

    def __init__(self, name: str, args: DockerEngineArgs, opts: ResourceOptions | None = None) -> None:
        endpoint = endpoint_of(args.settings)
        self.environment = endpoint.environment
        """The variables with which a docker command of this run uses the same engine."""
        self.declared = {"DOCKER_HOST": args.settings.host} if args.settings.host else {}
        """The same for the commands of resources, whose inputs must not depend on who runs Pulumi: without
        `docker.host` their docker commands find the engine as this program does."""
        if not endpoint.is_local:
            self._require(endpoint)
        super().__init__(
            name,
            docker.ProviderArgs(
                host=endpoint.given,
                # The plugin would prefer DOCKER_CONTEXT to the host; `./store` takes it out of Pulumi's environment.
                context="" if os.environ.get("DOCKER_CONTEXT") else None,
                ssh_opts=None if endpoint.is_local else _SSH_OPTIONS,
            ),
            opts,
        )

    def _require(self, endpoint: EngineEndpoint) -> None:
        """Ends the program if a remote engine does not answer: the provider would do so late, once per container."""
        if problem := remote_engine_problem(endpoint):
            end(str(problem))
