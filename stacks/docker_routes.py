"""Which docker repository takes pushes and which one answers pulls under the store's one name."""

from dataclasses import dataclass
from typing import Any

from stacks.nginx_settings import NginxSettings
from stacks.problem import Problem
from stacks.refusal import Refusal
from stacks.repository import Repository
from stacks.topology import Topology


@dataclass(frozen=True)
class DockerRoutes:
    """The connector ports on which nginx reaches the two repositories, with their names."""

    push: str
    push_port: int
    pull: str
    pull_port: int

    @classmethod
    def of(cls, topology: Topology, nginx: NginxSettings) -> "DockerRoutes | None":
        """The routes of a topology; None when it has no docker repository.

        Raises:
            Refusal: more than one repository could be meant, or the one that is has no httpPort.
        """
        docker = {name: r for name, r in topology.repositories.items() if r.format == "docker"}
        if not docker:
            return None
        pull = nginx.pull_repository or _only(
            "pullRepository", [n for n, r in docker.items() if r.type == "group"] or list(docker)
        )
        members = [name for name in docker[pull].members if name in docker] if pull in docker else []
        hosted = [name for name in members or docker if docker[name].type == "hosted"]
        push = nginx.push_repository or (_only("pushRepository", hosted) if hosted else pull)
        return cls(push, _port("pushRepository", push, docker), pull, _port("pullRepository", pull, docker))


def _only(key: str, candidates: list[str]) -> str:
    if len(candidates) == 1:
        return candidates[0]
    given = f"{len(candidates)} docker repositories could be meant"
    remedy = f"pulumi config set --path nginx.{key} NAME"
    raise Refusal([Problem(f"nginx.{key}", given, f"one of {', '.join(candidates)}", remedy)])


def _port(key: str, name: str, docker: dict[str, Repository]) -> int:
    if name not in docker:
        remedy = f"pulumi config set --path nginx.{key} NAME"
        raise Refusal([Problem(f"nginx.{key}", f"{name!r} is no docker repository", ", ".join(docker), remedy)])
    port: Any = dict(docker[name].connectors).get("httpPort")
    if port is None:
        key = f"repositories.{name}.docker.httpPort"
        remedy = f"set {key}, for example 5000"
        raise Refusal([Problem(key, "the key is missing", "a port on which nginx reaches it", remedy)])
    return int(port)
