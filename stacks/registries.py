from collections.abc import Mapping
from dataclasses import dataclass, field

from stacks.docker_routes import DockerRoutes
from stacks.endpoint import Endpoint


@dataclass(frozen=True)
class Registries:
    """The names of the store's registries, with which image tags start; empty if there is none."""

    push: str
    pull: str
    names: tuple[str, ...]
    of_repository: Mapping[str, str] = field(default_factory=dict)
    """The registry name of each repository that nginx serves to docker clients."""

    @classmethod
    def routed(cls, routes: DockerRoutes, endpoint: Endpoint) -> "Registries":
        """The registries that nginx serves."""

        def at(port: int) -> str:
            return Endpoint(endpoint.hostname, port).authority

        met = {connector.name: routes.port_of(connector, endpoint.port) for connector in routes.connectors}
        return cls(
            at(met[routes.push.name]),
            at(met[routes.pull.name]),
            tuple(at(port) for port in [port for port, _ in routes.ports] or [endpoint.port]),
            {name: at(port) for name, port in met.items()},
        )
