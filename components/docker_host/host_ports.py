"""Checks whether another container has a port of the docker host that nginx needs."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address

import pulumi

from components.naming import physical
from nexus.problem import Problem
from preflight.engine_answer import engine_answer
from stacks.docker_routes import DockerRoutes
from stacks.layout import NGINX
from stacks.nginx_settings import NginxSettings

# As `docker ps` lists them: `172.17.0.1:443->8443/tcp`, `[::]:8000-8002->8000-8002/tcp`, formerly `:::80->80/tcp`.
_PUBLISHED = re.compile(r"(\S+):(\d+)(?:-(\d+))?->[\d-]+/tcp")


def taken_ports(environment: Mapping[str, str], settings: NginxSettings, routes: DockerRoutes | None) -> list[Problem]:
    """A problem for each port of nginx that another running container publishes at one of nginx's addresses."""
    answer = engine_answer(environment, "ps", "--format", "{{.Names}}\t{{.Ports}}") or ""
    taken = [each for each in _published(answer) if each[0] != physical(NGINX)]
    wanted = {
        "nginx.httpsPort": settings.https_port,
        "nginx.httpPort": settings.http_port,
        **{f"nginx.dockerPorts.{served.name}": port for port, served in (routes.ports if routes else ())},
    }
    problems = []
    for key, port in wanted.items():
        owner = next((name for name, at, ports in taken if port in ports and _clash(at, settings.bind_address)), None)
        if owner:
            taken_by = f"the container {owner} publishes this port at {', '.join(settings.bind_address)}"
            fix = f"pulumi config set --path {key} PORT, or choose another nginx.bindAddress"
            problems.append(Problem(key, taken_by, fix=fix, got=str(port)))
    return problems


def warn_of_taken_ports(environment: Mapping[str, str], settings: NginxSettings, routes: DockerRoutes | None) -> None:
    """Names the key to change, which the engine's own error would not.

    It only warns: the port may be free when `up` runs, which also removes the old container of a renamed stack.
    """
    for problem in taken_ports(environment, settings, routes):
        pulumi.log.warn(str(problem))


def _published(listed: str) -> Iterator[tuple[str, str, range]]:
    for line in listed.splitlines():
        name, _, ports = line.partition("\t")
        for address, first, last in _PUBLISHED.findall(ports):
            yield name, address.strip("[]"), range(int(first), int(last or first) + 1)


def _clash(address: str, ours: tuple[str, ...]) -> bool:
    """Whether sockets at the address and at one of ours cannot share a port."""
    theirs = ip_address(address)
    return any(
        own.version == theirs.version and (own == theirs or own.is_unspecified or theirs.is_unspecified)
        for own in map(ip_address, ours)
    )
