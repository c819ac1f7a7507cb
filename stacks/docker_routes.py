"""Which docker repositories nginx serves, and at which names and ports docker clients reach them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nexus.advice import key_at, setting, word
from nexus.problem import Problem
from stacks.layout import HTTP, HTTPS, NEXUS_UPSTREAM
from stacks.nginx_settings import NginxSettings, Routing
from stacks.rules.refusal import Refusal
from stacks.topology.repository import Repository
from stacks.topology.topology import Topology

_FIRST_UNPRIVILEGED = 1024
"""The lowest port that nginx can listen on: it is not root in its container."""


@dataclass(frozen=True)
class Connector:
    """A docker repository and the port on which Nexus itself listens for it."""

    name: str
    port: int


@dataclass(frozen=True)
class DockerRoutes:
    """The repository for pushes and the one for pulls; they may be the same.

    If each repository has its own port, these two are the ones in the outputs.
    """

    push: Connector
    pull: Connector
    ports: tuple[tuple[int, Connector], ...] = ()
    """The public port of each repository; only with routing `ports`."""

    @classmethod
    def of(cls, topology: Topology, nginx: NginxSettings) -> "DockerRoutes | None":
        """The routes of a topology; None when it has no docker repository.

        Raises:
            Refusal: the choice of a repository is ambiguous, one has no httpPort, or a port is taken.
        """
        wasted = list(_of_other_routing(nginx))
        if wasted:
            raise Refusal(wasted)
        docker = {name: r for name, r in topology.repositories.items() if r.format == "docker"}
        if not docker:
            return None
        groups = [name for name, repository in docker.items() if repository.type == "group"]
        pull = nginx.pull_repository or _only("pullRepository", groups or list(docker), nginx)
        members = [name for name in docker[pull].members if name in docker] if pull in docker else []
        hosted = [name for name in members or docker if docker[name].type == "hosted"]
        push = nginx.push_repository or (_only("pushRepository", hosted, nginx) if hosted else pull)
        return cls(
            _uploads(_connector("pushRepository", push, docker), docker),
            _connector("pullRepository", pull, docker),
            _ports(docker, nginx) if nginx.routing == Routing.PORTS else (),
        )

    @property
    def connectors(self) -> tuple[Connector, ...]:
        """Each repository that nginx serves, once."""
        if self.ports:
            return tuple(connector for _, connector in self.ports)
        return (self.push,) if self.push == self.pull else (self.push, self.pull)

    def port_of(self, connector: Connector, otherwise: int) -> int:
        """The public port of the repository."""
        return next((port for port, served in self.ports if served == connector), otherwise)


def _http_port(repository: Repository) -> int | None:
    return dict(repository.connectors).get("httpPort")


def _only(key: str, candidates: list[str], nginx: NginxSettings) -> str:
    if len(candidates) == 1 or nginx.routing == Routing.PORTS:
        return candidates[0]
    given = f"missing, and there are {len(candidates)} docker repositories to choose from"
    fix = f"pulumi config set --path nginx.{key} NAME"
    raise Refusal([Problem(f"nginx.{key}", given, f"one of {', '.join(candidates)}", fix)])


def _connector(key: str, name: str, docker: Mapping[str, Repository]) -> Connector:
    if name not in docker:
        fix = f"pulumi config set --path nginx.{key} NAME"
        raise Refusal([Problem(f"nginx.{key}", "not a docker repository", ", ".join(docker), fix, got=repr(name))])
    if name == NEXUS_UPSTREAM:
        key = key_at("repositories", name)
        raise Refusal(
            [Problem(key, "nginx uses this name for the upstream of Nexus itself", "any other name", f"rename {key}")]
        )
    port = _http_port(docker[name])
    if port is None:
        key = key_at("repositories", name, "docker", "httpPort")
        fix = f"set {key}, for example 5000"
        raise Refusal([Problem(key, "missing", "a port on which nginx reaches it", fix)])
    return Connector(name, port)


def _uploads(connector: Connector, docker: Mapping[str, Repository]) -> Connector:
    if docker[connector.name].type == "proxy" and any(r.type != "proxy" for r in docker.values()):
        able = ", ".join(name for name, repository in docker.items() if repository.type != "proxy")
        given = "a proxy repository takes no pushes"
        fix = "pulumi config set --path nginx.pushRepository NAME"
        raise Refusal([Problem("nginx.pushRepository", given, able, fix, got=repr(connector.name))])
    return connector


def _of_other_routing(nginx: NginxSettings) -> Iterable[Problem]:
    """Settings that have no effect with this nginx.routing."""
    for key, given, routing in (
        ("dockerPorts", nginx.docker_ports, Routing.PORTS),
        ("privateNamespaces", nginx.private_namespaces, Routing.PATH),
    ):
        if given and nginx.routing != routing:
            yield Problem(
                f"nginx.{key}",
                f"has no effect with nginx.routing {nginx.routing.value}",
                f"{key} with nginx.routing {routing.value}",
                f"pulumi config rm --path nginx.{key}, or: pulumi config set --path nginx.routing {routing.value}",
            )


def _ports(docker: Mapping[str, Repository], nginx: NginxSettings) -> tuple[tuple[int, Connector], ...]:
    served = [_connector("dockerPorts", name, docker) for name, r in docker.items() if _http_port(r)]
    ports = tuple((nginx.docker_ports.get(connector.name, connector.port), connector) for connector in served)
    problems = [*_unserved(nginx, [connector.name for connector in served]), *_taken(nginx, ports)]
    if problems:
        raise Refusal(problems)
    return ports


def _unserved(nginx: NginxSettings, served: list[str]) -> Iterable[Problem]:
    for name in nginx.docker_ports:
        if name not in served:
            key = key_at("nginx", "dockerPorts", name)
            given = "not a docker repository with an httpPort"
            fix = f"set {key_at('repositories', name, 'docker', 'httpPort')}, or: pulumi config rm --path {word(key)}"
            yield Problem(key, given, ", ".join(served) or "(none)", fix, got=repr(name))


def _taken(nginx: NginxSettings, ports: Iterable[tuple[int, Connector]]) -> Iterable[Problem]:
    itself = "nginx in its container"
    taken = {HTTPS: itself, HTTP: itself, nginx.https_port: "nginx.httpsPort", nginx.http_port: "nginx.httpPort"}
    for port, connector in ports:
        if port in taken or port < _FIRST_UNPRIVILEGED:
            given = f"taken by {taken[port]}" if port in taken else "only root may listen on it"
            key = key_at("nginx", "dockerPorts", connector.name)
            allowed = f"a free port from {_FIRST_UNPRIVILEGED} to 65535"
            yield Problem(key, given, allowed, setting(key, "PORT"), got=str(port))
        taken.setdefault(port, connector.name)
