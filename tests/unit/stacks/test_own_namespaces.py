"""`ownNamespaces`: the paths that they block, and their effect on a topology."""

import re
from typing import Any

import pytest

from stacks.own_namespaces import OwnNamespaces
from stacks.rules.refusal import Refusal
from stacks.topology.privileges import privileges
from tests.support.own_names import BLOCKED, FREE, OWN
from tests.unit.nginx.rendering import settings


@pytest.mark.parametrize("fmt", OWN)
def test_exactly_the_own_names_are_blocked(fmt: str) -> None:
    matchers = OwnNamespaces.model_validate(OWN).matchers()[fmt]

    def blocked(path: str) -> bool:
        return any(re.fullmatch(matcher, path) for matcher in matchers)

    assert [path for path in BLOCKED[fmt] if not blocked(path)] == []
    assert [path for path in FREE[fmt] if blocked(path)] == []


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (
            {"maven": ["org/domain"]},
            "ownNamespaces.maven[0]: invalid value (got 'org/domain'; allowed the first parts of group",
        ),
        ({"npm": ["@team/*"]}, "ownNamespaces.npm[0]: invalid value (got '@team/*'; allowed a scope like '@team'"),
        ({"npm": ["*"]}, "ownNamespaces.npm[0]: invalid value (got '*'"),
        ({"pypi": ["a b"]}, "ownNamespaces.pypi[0]: invalid value (got 'a b'; allowed the name of a project"),
        ({"docker": ['a" x; "']}, "ownNamespaces.docker[0]:"),
        ({"yum": ["team"]}, "ownNamespaces.yum"),
    ],
)
def test_a_name_that_is_invalid_for_its_format_is_refused(own: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings(ownNamespaces=own)
    assert message in str(refused.value)


def test_only_the_proxies_of_the_format_get_the_rule() -> None:
    found = settings(ownNamespaces={"docker": ["team"], "maven": ["org.domain"]}).topology
    rules = {name: repository.routing_rule for name, repository in found.repositories.items()}
    assert {name: rule for name, rule in rules.items() if rule} == {
        "docker-proxy": "own-namespaces-docker",
        "maven-central": "own-namespaces-maven",
    }
    rule = found.routing_rules["own-namespaces-maven"].declared
    assert rule["mode"] == "BLOCK"
    assert rule["matchers"] == ["(?s:/+org/+domain([/?].*)?)"]


def test_without_names_nothing_changes() -> None:
    found = settings()
    assert not found.topology.routing_rules
    assert found.topology.roles["ci-pull"].pull == ("docker-group", "maven-public", "yum-group")


def ruled(mode: str) -> dict[str, Any]:
    rule = {"description": "", "mode": mode, "matchers": ["^/org/.*"]}
    return {
        "routingRules": {"mine": rule},
        "repositories": {"maven-central": {"routingRuleName": "mine"}},
        "ownNamespaces": {"maven": ["org.domain"]},
    }


def lets(rule: dict[str, Any], path: str) -> bool:
    """Whether Nexus would allow the path."""
    matches = any(re.fullmatch(matcher, path) for matcher in rule["matchers"])
    return matches == bool(rule["mode"] == "ALLOW")


def test_a_blocking_rule_keeps_its_blocked_paths() -> None:
    found = settings(**ruled("BLOCK")).topology
    assert list(found.routing_rules) == ["mine"]
    rule = found.routing_rules["mine"].declared
    assert [lets(rule, path) for path in ("/org/x/a", "/org/domain/a", "/com/x/a")] == [False, False, True]


def test_an_allowing_rule_excludes_the_own_names() -> None:
    rule = settings(**ruled("ALLOW")).topology.routing_rules["mine"].declared
    assert [lets(rule, path) for path in ("/org/x/a", "/org/domain/a", "/com/x/a")] == [True, False, False]


def test_readers_of_the_docker_group_may_read_own_images_in_the_hosted_repository() -> None:
    found = settings(ownNamespaces={"docker": ["team"]}).topology
    ci_pull = privileges(found.roles["ci-pull"], found.repositories)
    assert "nx-repository-view-docker-docker-private-read" in ci_pull
    assert "nx-repository-view-docker-docker-private-add" not in ci_pull
    assert found.roles["ci-push"].pull == ()


def test_readers_of_the_group_by_privilege_may_read_own_images_too() -> None:
    name = "nx-repository-view-docker-{}-read"
    roles = {"reader": {"privileges": [name.format("docker-group")]}}
    found = settings(ownNamespaces={"docker": ["team"]}, roles=roles).topology
    assert found.roles["reader"].privileges == (name.format("docker-group"), name.format("docker-private"))


@pytest.mark.parametrize("routing", ["ports", "seed"])
def test_with_other_routing_nobody_may_read_more(routing: str) -> None:
    found = settings({"routing": routing}, ownNamespaces={"docker": ["team"]}).topology
    assert found.roles["ci-pull"].pull == ("docker-group", "maven-public", "yum-group")
    assert found.repositories["docker-proxy"].routing_rule == "own-namespaces-docker"


def test_the_older_key_has_the_same_effect() -> None:
    older = settings({"privateNamespaces": ["team"]}, ownNamespaces={"docker": ["lab"]})
    newer = settings(ownNamespaces={"docker": ["lab", "team"]})
    assert older.topology == newer.topology
    assert older.namespaces == newer.namespaces
