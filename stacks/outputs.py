"""What Jenkins and people read from a stack; the names and shapes are a file format, described in docs/outputs.md."""

from typing import Any

from pulumi import Output

from stacks.docker_routes import DockerRoutes
from stacks.endpoint import Endpoint
from stacks.repository import Repository
from stacks.settings import Settings

LOGINS = {
    "jenkins": ("jenkins", "nexus-ci"),
    "ci_pull": ("ci-pull", "nexus-ci-pull"),
    "ci_push": ("ci-push", "nexus-ci-push"),
}
"""By prefix of the outputs: the user of Nexus and the id of the login in Jenkins."""


def outputs(settings: Settings, *, ca_certificate_pem: Output[str]) -> dict[str, Any]:
    """The stack's outputs: plain strings and dicts; the passwords among them are secrets."""
    endpoint = Endpoint.of(settings)
    routes = DockerRoutes.of(settings.topology, settings.nginx)
    push = Endpoint(settings.hostname, routes.port_of(routes.push, endpoint.port)).authority if routes else ""
    pull = Endpoint(settings.hostname, routes.port_of(routes.pull, endpoint.port)).authority if routes else ""
    return {
        "url": endpoint.url,
        "docker_registry": push,
        "docker_push_registry": push,
        "docker_pull_registry": pull,
        "repositories": {
            name: _repository(repository, _url(name, endpoint, routes))
            for name, repository in settings.topology.repositories.items()
        },
        "ca_certificate_pem": ca_certificate_pem,
        **_login(settings, "jenkins"),
        **_login(settings, "ci_pull"),
        **_login(settings, "ci_push"),
        "nexus_version": settings.nexus.version,
        "nexus_kind": settings.nexus.kind,
    }


def _url(name: str, endpoint: Endpoint, routes: DockerRoutes | None) -> str:
    """Where the clients of a repository find it: those of docker at the root of a name and port."""
    port = routes.public_port(name, endpoint.port) if routes else None
    return f"{Endpoint(endpoint.hostname, port).url}/" if port else endpoint.repository(name)


def _repository(repository: Repository, url: str) -> dict[str, str]:
    policy = {"version_policy": repository.version_policy} if repository.version_policy else {}
    return {"format": repository.format, "type": repository.type, "url": url, **policy}


def _login(settings: Settings, prefix: str) -> dict[str, Any]:
    user, id = LOGINS[prefix]
    password = settings.passwords.get(user)
    return {
        f"{prefix}_credentials": {"id": id, "username": user if password else ""},
        f"{prefix}_password": Output.secret(password.get_secret_value() if password else ""),
    }
