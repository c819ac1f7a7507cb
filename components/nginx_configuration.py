"""The text of nginx's configuration: a pure function of the settings."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stacks.docker_routes import DockerRoutes
from stacks.endpoint import Endpoint
from stacks.settings import Settings

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - nginx reads it, not a browser
)


def nginx_configuration(settings: Settings) -> str:
    """nginx.conf for the settings; it needs nginx 1.27.3 or newer (`resolve` in upstreams)."""
    endpoint = Endpoint.of(settings)
    return _TEMPLATES.get_template("nginx.conf.j2").render(
        hostname=settings.hostname,
        authority=endpoint.authority,
        port=endpoint.port,
        routing=settings.nginx.routing,
        routes=DockerRoutes.of(settings.topology, settings.nginx),
        client_max_body_size=settings.nginx.client_max_body_size,
    )
