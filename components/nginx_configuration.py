"""The text of nginx's configuration: a pure function of the settings."""

import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stacks import layout
from stacks.docker_routes import Connector
from stacks.identity_headers import IdentityHeaders
from stacks.nginx_settings import Routing
from stacks.settings import Settings

IPV6 = 6
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - nginx reads it, not a browser
)


@dataclass(frozen=True)
class NginxConfiguration:
    """nginx.conf, and the ports that it serves beside those for HTTPS and HTTP."""

    text: str
    docker_ports: tuple[int, ...]
    acme_folder: str | None = None
    """The folder of the certificate that the ACME container renews; None if it comes with the configuration."""


def nginx_configuration(settings: Settings) -> NginxConfiguration:
    """The configuration for the settings; it needs nginx 1.29.3 or newer (`add_header_inherit`)."""
    endpoint, nginx = settings.endpoint, settings.nginx
    gui = Connector(layout.NEXUS_UPSTREAM, layout.NEXUS_PORT)
    routes = settings.routes
    one_name = routes is not None and nginx.routing != Routing.PORTS
    renewed = settings.tls.renewed_in(settings.hostname)
    identity_headers = IdentityHeaders.of(settings.topology)
    text = _TEMPLATES.get_template("nginx.conf.j2").render(
        layout=layout,
        zones=layout.NGINX_ZONES_KIB,
        hostname=settings.hostname,
        authority=endpoint.authority,
        port=endpoint.port,
        nginx=nginx,
        hsts=settings.tls.publicly_trusted if nginx.hsts is None else nginx.hsts,
        acme_folder=renewed,
        limit=nginx.rate_limit,
        limits_requests=nginx.rate_limit.requests_per_day or nginx.rate_limit.client_requests_per_second,
        own_names=_own_names(settings),
        identity_headers=identity_headers,
        # A header that names the user replaces the login.
        nobody_without_login=not settings.anonymous_access.enabled and not identity_headers.given,
        cache=nginx.blob_cache if one_name and nginx.routing == Routing.PATH else None,
        gui=gui,
        upstreams=[gui, *(routes.connectors if routes else ())],
        routes=routes,
        ports=routes.ports if routes else (),
        public_ports=[port for port, _ in routes.ports] if routes else [],
        one_name=one_name,
        namespaces=[re.escape(name) for name in settings.namespaces.docker],
    )
    return NginxConfiguration(text, tuple(port for port, _ in routes.ports) if routes else (), renewed)


def _own_names(settings: Settings) -> list[str]:
    """The names by which clients may address the store; an IPv6 address in brackets, as in URLs."""
    address = settings.address
    literal = [] if address is None else [f"[{address}]" if address.version == IPV6 else str(address)]
    return list(dict.fromkeys([settings.hostname, *settings.nginx.server_names, *literal]))
