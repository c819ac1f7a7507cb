"""Checks whether another container has a port of the docker host that nginx needs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import pulumi

from components.naming import physical
from nexus.problem import Problem
from preflight.engine_answer import required_answer
from preflight.state_id import LABEL
from stacks.docker_routes import DockerRoutes
from stacks.layout import NGINX
from stacks.nginx_settings import NginxSettings
from stacks.rules.refusal import end

# As `docker ps` lists them: `172.17.0.1:443->8443/tcp`, `[::]:8000-8002->8000-8002/tcp`, formerly `:::80->80/tcp`.
_PUBLISHED = re.compile(r"(\S+):(\d+)(?:-(\d+))?->[\d-]+/tcp")


@dataclass(frozen=True)
class TakenPort:
    """A port of nginx that another running container publishes at one of nginx's addresses."""

    problem: Problem
    container: str
    state_id: str
    """The value of the container's label; empty on containers that are older than the label or of no store."""

    def is_of(self, state_id: str | None) -> bool:
        """Whether this stack's `up` removes the container: after a rename, its nginx still has the earlier name."""
        if self.state_id:
            return self.state_id == state_id
        return self.container.startswith(f"{pulumi.get_project()}-") and self.container.endswith(f"-{NGINX}")


def taken_ports(
    environment: Mapping[str, str], settings: NginxSettings, routes: DockerRoutes | None
) -> list[TakenPort]:
    """The ports of nginx that other running containers publish, whoever they belong to.

    Raises:
        Unanswered: the engine does not list its containers.
    """
    answer = required_answer(environment, "ps", "--format", f'{{{{.Names}}}}\t{{{{.Label "{LABEL}"}}}}\t{{{{.Ports}}}}')
    published = [each for each in _published(answer) if each.name != physical(NGINX)]
    wanted = {
        "nginx.httpsPort": settings.https_port,
        "nginx.httpPort": settings.http_port,
        **{f"nginx.dockerPorts.{served.name}": port for port, served in (routes.ports if routes else ())},
    }
    return [
        TakenPort(_problem(key, port, name, settings), name, state_id)
        for key, port in wanted.items()
        for name, state_id in dict.fromkeys(
            (each.name, each.state_id)
            for each in published
            if port in each.ports and _clash(each.address, settings.bind_address)
        )
    ]


def _problem(key: str, port: int, container: str, settings: NginxSettings) -> Problem:
    problem = f"the container {container} publishes this port at {', '.join(settings.bind_address)}"
    fix = f"pulumi config set --path {key} PORT, or choose another nginx.bindAddress"
    return Problem(key, problem, fix=fix, got=str(port))


def refuse_taken(taken: Sequence[TakenPort], state_id: str | None) -> None:
    """Ends the program before the engine would have removed the running nginx for ports that it cannot have.

    A preview only warns, and so does a port that this `up` probably frees: they may be free by then.
    """
    lost = [each for each in taken if not each.is_of(state_id)]
    if lost and not pulumi.runtime.is_dry_run():
        end("\n".join(str(each.problem) for each in lost))
    for each in taken:
        if each in lost or not each.state_id:
            pulumi.log.warn(str(each.problem))


@dataclass(frozen=True)
class _Published:
    name: str
    state_id: str
    address: str
    ports: range


def _published(listed: str) -> Iterator[_Published]:
    for line in listed.splitlines():
        name, state_id, ports = line.split("\t")
        for address, first, last in _PUBLISHED.findall(ports):
            yield _Published(name, state_id, address.strip("[]"), range(int(first), int(last or first) + 1))


def _clash(address: str, ours: tuple[str, ...]) -> bool:
    """Whether sockets at the address and at one of ours cannot share a port."""
    theirs = ip_address(address)
    return any(
        own.version == theirs.version and (own == theirs or own.is_unspecified or theirs.is_unspecified)
        for own in map(ip_address, ours)
    )
