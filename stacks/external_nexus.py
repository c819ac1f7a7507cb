import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

from nexus.problem import Problem
from stacks.docker_routes import DockerRoutes
from stacks.endpoint import USUAL_PORT, Endpoint
from stacks.nexus_mode import NexusMode
from stacks.nginx_settings import NginxSettings
from stacks.patterns import HOSTNAME_PATTERN, REGISTRY_PATTERN
from stacks.pem import Pem, are_authorities
from stacks.registries import Registries
from stacks.topology.topology import Topology


def web_address(text: str) -> str:
    """The URL without a trailing slash.

    Raises:
        ValueError: it is not an https:// URL with a DNS name, or it has a user, a query or a fragment.
    """
    if not _is_web_address(text):
        raise ValueError(
            "an https:// URL with a dot in its host name, with port and path if needed, like https://nexus.domain.org"
        )
    return text.rstrip("/")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    more = parts.username is not None or parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", text)
    return parts.scheme == "https" and not more and port != 0 and bool(re.match(HOSTNAME_PATTERN, parts.hostname or ""))


def _authorities(pem: str) -> str:
    if not are_authorities(pem):
        raise ValueError("certificates in PEM (-----BEGIN CERTIFICATE-----), or the name of a PEM file")
    return pem


Registry = Annotated[str, StringConstraints(pattern=REGISTRY_PATTERN)]


class ExternalNexus(NexusMode):
    """An external Nexus: the stack manages only the objects on it."""

    url: Annotated[str, AfterValidator(web_address)]
    """Its HTTPS URL, with the context path if it has one."""
    ca_bundle: Annotated[Pem, AfterValidator(_authorities)] | None = None
    """The CAs that signed its certificate; None means the public ones."""
    docker_push_registry: Registry | None = None
    """The registry for pushes; the stack cannot derive it, since it runs no nginx."""
    docker_pull_registry: Registry | None = None
    """The registry for pulls; None means the one for pushes."""

    @property
    def is_managed(self) -> bool:
        return False

    @property
    def hostname(self) -> str:
        return urlsplit(self.url).hostname or ""

    def problems(self, topology: Topology) -> list[Problem]:
        return []

    def endpoint(self, hostname: str, nginx: NginxSettings) -> Endpoint:
        parts = urlsplit(self.url)
        return Endpoint(hostname, parts.port or USUAL_PORT, parts.path)

    def routes(self, topology: Topology, nginx: NginxSettings) -> DockerRoutes | None:
        return None

    def registries(self, routes: DockerRoutes | None, endpoint: Endpoint) -> Registries:
        """The registries that the stack file names."""
        push = self.docker_push_registry or ""
        pull = self.docker_pull_registry or push
        return Registries(push, pull, tuple(name for name in dict.fromkeys((push, pull)) if name))
