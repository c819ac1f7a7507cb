"""The stand-in behind a real nginx, filled from a stack file, with an attacker's server upstream of its proxies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from stacks.settings import Settings
from stacks.topology.declarations import declarations
from tests.conformance.contract.stand_in import Server, direct, running
from tests.e2e.attack.upstream import Upstream
from tests.integration.programs.nginx.server import Nginx
from tests.support.ports import free_port
from tests.support.versions import NEWEST
from tests.unit.nginx.rendering import configuration, settings

FORMATS = ("docker", "maven", "npm", "pypi")
JENKINS = ("jenkins", "right")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
PULL = ("ci-pull", "right")


@dataclass
class Store:
    """The stand-in with a hosted repository, a proxy of the attacker's server and a group of both in each format."""

    server: Server
    upstream: Upstream
    nginx: Nginx

    def read(self, path: str) -> tuple[int, bytes]:
        url = f"{self.server.url}/repository/{path}"
        reply = direct("GET", url, auth=JENKINS, headers={"Accept": f"{MANIFEST}, */*"})
        return reply.status_code, reply.content

    def write(self, method: str, path: str, **arguments: Any) -> None:
        reply = direct(method, f"{self.server.url}/repository/{path}", auth=JENKINS, **arguments)
        assert reply.status_code in (200, 201, 204), reply.text

    def token(self, user: tuple[str, str]) -> str:
        reply = direct("GET", f"{self.server.url}/v2/token?service=x&scope=repository:team/app:pull,push", auth=user)
        assert reply.status_code == 200, reply.text
        return f"Bearer {reply.json()['token']}"


def given(upstream: Upstream, ports: tuple[int, int], own: dict[str, Any]) -> dict[str, Any]:
    """The stack file of such a store, laid over the shared topology."""
    repositories: dict[str, Any] = {}
    for fmt in FORMATS:
        names = (f"{fmt}-own", f"{fmt}-outside", f"{fmt}-all")
        remote = upstream.url + ("/npm" if fmt == "npm" else "")
        shared = {"format": fmt, "storage": {"blobStoreName": "default", "strictContentTypeValidation": False}}
        repositories[names[0]] = {**shared, "type": "hosted"}
        repositories[names[1]] = {**shared, "type": "proxy", "proxy": {"remoteUrl": remote}}
        repositories[names[2]] = {**shared, "type": "group", "group": {"memberNames": [*names[:2]]}}
    repositories["docker-outside"]["dockerProxy"] = {"indexType": "REGISTRY"}
    repositories["docker-own"]["docker"] = {"httpPort": ports[0]}
    repositories["docker-all"]["docker"] = {"httpPort": ports[1]}
    roles = {"pull": [f"{fmt}-all" for fmt in FORMATS]}
    push = {"push": [f"{fmt}-own" for fmt in FORMATS], "roles": ["ci-pull"], "pull": []}
    return {
        "nginx": {"pushRepository": "docker-own", "pullRepository": "docker-all"},
        "repositories": repositories,
        "roles": {"ci-pull": roles, "ci-push": push},
        "ownNamespaces": own,
    }


def fill(server: Server, wanted: Settings) -> None:
    """Creates the stack file's objects as the provider would; of the shared topology only rules, roles and users."""
    ours = [f"{fmt}-{kind}" for fmt in (*FORMATS, "maven2") for kind in ("own", "outside", "all")]
    paths = {"routingRules": "routing-rules", "roles": "security/roles", "users": "security/users"}
    for found in declarations(wanted.topology):
        body = {"name": found.name, **found.body}
        if found.section == "repositories" and found.name in ours:
            path = f"repositories/{found.format}/{found.type}"
        elif found.section in paths:
            path = paths[found.section]
        else:
            continue
        if found.section == "roles":
            views = [name for name in body["privileges"] if any(f"-{repository}-" in name for repository in ours)]
            body = {"id": found.name, **body, "privileges": views}
        if found.section == "users":
            body = {"userId": found.name, "status": "active", **body, "password": "right"}
        reply = server.rest("POST", path, json=body)
        assert reply.status_code in (200, 201, 204), f"{found.name}: {reply.text}"
    realms = ["NexusAuthenticatingRealm", "DockerToken"]
    assert server.rest("PUT", "security/realms/active", json=realms).status_code == 204


@contextmanager
def stores(program: Path, folder: Path, certificate: tuple[str, str]) -> Iterator[Callable[[dict[str, Any]], Store]]:
    """Gives a function that makes the store, with `ownNamespaces` of the stack file."""
    upstream, ports = Upstream(), (free_port(), free_port())
    started: list[Nginx] = []
    with running(program, folder / "nexus", NEWEST) as server:

        def start(own: dict[str, Any]) -> Store:
            stack = given(upstream, ports, own)
            nginx = stack.pop("nginx")
            fill(server, settings(nginx, **stack))
            nexus: Any = {port: SimpleNamespace(port=port) for port in ports}
            nexus[8081] = SimpleNamespace(port=int(server.url.rsplit(":", 1)[1]))
            (folder / "nginx").mkdir()
            started.append(Nginx(folder / "nginx", configuration(nginx, **stack).text, nexus, certificate))
            return Store(server, upstream, started[-1])

        yield start
        for nginx in started:
            nginx.stop()
    upstream.stop()
