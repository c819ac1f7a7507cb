from stacks.docker_routes import DockerRoutes
from stacks.endpoint import Endpoint
from stacks.settings import Settings


def registries(settings: Settings) -> tuple[str, ...]:
    """Every name at which docker clients find the store, as image tags start with it."""
    routes = DockerRoutes.of(settings.topology, settings.nginx)
    if routes is None:
        return ()
    ports = [port for port, _ in routes.ports] or [settings.nginx.https_port]
    return tuple(Endpoint(settings.hostname, port).authority for port in ports)
