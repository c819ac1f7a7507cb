"""What Jenkins and people read from a stack; the names and shapes are a file format, described in docs/outputs.md."""

from typing import Any

from pulumi import Output

from stacks.docker_routes import DockerRoutes
from stacks.endpoint import Endpoint
from stacks.settings import Settings

JENKINS = "jenkins"


def outputs(settings: Settings, *, ca_certificate_pem: Output[str]) -> dict[str, Any]:
    """The stack's outputs: plain strings and dicts; the passwords among them are secrets."""
    endpoint = Endpoint.of(settings)
    routes = DockerRoutes.of(settings.topology, settings.nginx)
    push = Endpoint(settings.hostname, routes.port_of(routes.push, endpoint.port)).authority if routes else ""
    pull = Endpoint(settings.hostname, routes.port_of(routes.pull, endpoint.port)).authority if routes else ""
    jenkins = settings.passwords.get(JENKINS)
    return {
        "url": endpoint.url,
        "docker_registry": push,
        "docker_push_registry": push,
        "docker_pull_registry": pull,
        "repositories": {
            name: {"format": repository.format, "type": repository.type, "url": endpoint.repository(name)}
            for name, repository in settings.topology.repositories.items()
        },
        "ca_certificate_pem": ca_certificate_pem,
        "jenkins_credentials": {"id": "nexus-ci", "username": JENKINS if jenkins else ""},
        "jenkins_password": Output.secret(jenkins.get_secret_value() if jenkins else ""),
        "nexus_version": settings.nexus.version,
        "nexus_kind": settings.nexus.kind,
    }
