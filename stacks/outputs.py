"""What Jenkins and people read from a stack; names and shapes are a format, described in docs/outputs.md."""

from typing import Any

from pulumi import Output

from stacks.endpoint import Endpoint
from stacks.registries import Registries
from stacks.settings import Settings
from stacks.topology.repository import Repository

LOGINS = {
    "jenkins": ("jenkins", "nexus-ci"),
    "ci_pull": ("ci-pull", "nexus-ci-pull"),
    "ci_push": ("ci-push", "nexus-ci-push"),
}
"""By prefix of the outputs: the user of Nexus and the id of the login in Jenkins."""


def outputs(
    settings: Settings, *, ca_certificate_pem: Output[str], eula_accepted: Output[bool], docker_endpoint: str
) -> dict[str, Any]:
    """The stack's outputs: plain strings and dicts; the passwords among them are secrets."""
    endpoint, registries = settings.endpoint, settings.registries
    return {
        "url": endpoint.url,
        "docker_registry": registries.push,
        "docker_push_registry": registries.push,
        "docker_pull_registry": registries.pull,
        "repositories": {
            name: _repository(name, repository, endpoint, registries)
            for name, repository in settings.topology.repositories.items()
        },
        "ca_certificate_pem": ca_certificate_pem,
        **_login(settings, "jenkins"),
        **_login(settings, "ci_pull"),
        **_login(settings, "ci_push"),
        "nexus_version": settings.nexus.version,
        "nexus_kind": settings.nexus.kind,
        "eula_accepted": eula_accepted,
        "docker_endpoint": docker_endpoint,
    }


def _repository(name: str, repository: Repository, endpoint: Endpoint, registries: Registries) -> dict[str, str]:
    """With its URL for clients: docker's use the root of a name and port, for others it ends in a slash."""
    registry = registries.of_repository.get(name)
    url = f"https://{registry}/" if registry else f"{endpoint.url}/repository/{name}/"
    policy = {"version_policy": repository.version_policy} if repository.version_policy else {}
    return {"format": repository.format, "type": repository.type, "url": url, **policy}


def _login(settings: Settings, prefix: str) -> dict[str, Any]:
    user, id = LOGINS[prefix]
    password = settings.passwords.get(user)
    return {
        f"{prefix}_credentials": {"id": id, "username": user if password else ""},
        f"{prefix}_password": Output.secret(password.get_secret_value() if password else ""),
    }
