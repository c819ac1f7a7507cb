"""The stack files in git are correct, have no plain secrets, and have production's required settings."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nexus.kinds import KINDS
from policy.rule import Resource, StackRule
from policy.rules import RULES
from stacks.acme_settings import Acme
from stacks.layout import NEXUS_DATA
from stacks.settings import Settings
from stacks.topology.declarations import declarations
from tests.authority import Request

STACKS = Path(__file__).parents[3] / "stacks"
SHARED = ("staging", "production")


def given(stack: str) -> dict[str, Any]:
    document = yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))
    return {key.removeprefix("repository-store:"): value for key, value in document["config"].items()}


def settings(stack: str) -> Settings:
    wanted = {**given(stack), "passwords": {"admin": "a", "jenkins": "b", "ci-pull": "c", "ci-push": "d"}}
    if stack == "staging":
        wanted["tls"] = {**wanted["tls"], "caBundle": Request("Staging Root").issued_by(None).pem}
    return Settings.of(wanted, STACKS)


def resources(stack: str) -> list[Resource]:
    maintenance = settings(stack).maintenance
    copies = {"offlineCopies": " ".join(maintenance.offline_copies)} if maintenance else {}
    inventory = Resource("pulumi-python:dynamic/nexus:HostedRepositories", "hosted", {"name": "hosted", "body": copies})
    objects = [
        Resource(
            f"pulumi-python:dynamic/nexus:{KINDS[found.kind].token}",
            found.name,
            {"name": found.name, "format": found.format, "type": found.type, "body": found.body},
        )
        for found in declarations(settings(stack).topology)
    ]
    return [inventory, *objects]


@pytest.mark.parametrize("stack", SHARED)
def test_a_stack_file_only_lacks_passwords_and_roots(stack: str) -> None:
    assert settings(stack).hostname.endswith(".domain.org")


def test_staging_does_not_use_the_rate_limits_of_the_production_directory() -> None:
    asked = {stack: settings(stack).tls for stack in SHARED}
    assert {stack: tls.directory for stack, tls in asked.items() if isinstance(tls, Acme)} == {
        "staging": "letsencrypt-staging",
        "production": "letsencrypt",
    }


@pytest.mark.parametrize("stack", SHARED)
def test_a_password_in_git_is_encrypted(stack: str) -> None:
    assert all(set(password) == {"secure"} for password in given(stack).get("passwords", {}).values())


@pytest.mark.parametrize("stack", SHARED)
def test_anonymous_access_is_off(stack: str) -> None:
    assert not settings(stack).anonymous_access.enabled


def test_the_stacks_only_differ_in_values() -> None:
    staging, production = (settings(stack).topology for stack in SHARED)
    assert list(staging.repositories) == list(production.repositories)
    assert staging.roles == production.roles


def test_production_retains_its_data_when_the_stack_is_destroyed() -> None:
    assert NEXUS_DATA in settings("production").retain


def test_production_is_protected_against_destroy() -> None:
    assert settings("production").protect is True


def test_production_has_a_backup() -> None:
    backup = settings("production").backup
    assert backup is not None
    assert backup.keep >= 7


@pytest.mark.parametrize("stack", SHARED)
@pytest.mark.parametrize("name", [rule.name for rule in RULES if rule.name not in ("write-policy", "own-namespaces")])
def test_the_stacks_comply_with_the_policies(stack: str, name: str) -> None:
    assert broken(name, resources(stack)) == []


def test_production_keeps_its_copy_of_docker_hub() -> None:
    topology = settings("production").topology
    assert topology.repositories["docker-proxy"].cleanup_policies == ()
    assert "unused-manifests-docker-proxy" not in topology.tasks
    assert "compact-docker-proxy" in topology.tasks


def test_published_artifacts_in_production_cannot_be_overwritten() -> None:
    assert broken("write-policy", resources("production")) == []


def broken(name: str, resources: list[Resource]) -> list[str]:
    (rule,) = [rule for rule in RULES if rule.name == name]
    if isinstance(rule, StackRule):
        return [message for _, message in rule.check(resources)]
    return [message for resource in resources for message in rule.check(resource)]
