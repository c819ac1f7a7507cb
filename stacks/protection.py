"""What `ownNamespaces` adds to the topology: routing rules for its proxies, and read privileges for roles."""

from collections.abc import Iterator, Mapping
from typing import Any

from nexus.advice import key_at
from nexus.problem import Problem
from stacks.docker_routes import DockerRoutes
from stacks.own_namespaces import OwnNamespaces
from stacks.rules.reference_rules import reached
from stacks.rules.refusal import Refusal
from stacks.topology.nexus_object import NexusObject
from stacks.topology.repository import Repository
from stacks.topology.role import Role
from stacks.topology.topology import Topology

RULE = "own-namespaces-"
"""The prefix of the routing rules' names, before the format."""
_READS = ("browse", "read")


def protected(topology: Topology, own: OwnNamespaces, routes: DockerRoutes | None) -> Topology:
    """The topology whose proxies do not fetch the store's own names.

    If nginx sends pulls of own images to the push repository, roles that may read the pull repository may read that one
    too. It is a member of the pull repository, so nobody can read more than before.

    Raises:
        Refusal: a proxy has a routing rule that the stack does not declare and so cannot extend.
    """
    matchers = own.matchers()
    problems = list(_problems(topology, matchers))
    if problems:
        raise Refusal(problems)
    rules, repositories = dict(topology.routing_rules), dict(topology.repositories)
    for name, repository in _proxies(topology, matchers):
        declared = repository.routing_rule
        rule = declared or RULE + repository.format
        rules[rule] = _with(rules.get(rule), matchers[repository.format])
        if not declared:
            repositories[name] = Repository.model_validate({**repository.model_dump(), "routingRule": rule})
    roles = topology.roles
    members = {name: repository.members for name, repository in topology.repositories.items()}
    if routes and own.docker and routes.push.name in reached(members[routes.pull.name], members):
        roles = {name: _reading(role, routes) for name, role in roles.items()}
    return topology.model_copy(update={"routing_rules": rules, "repositories": repositories, "roles": roles})


def _proxies(topology: Topology, formats: Mapping[str, Any]) -> Iterator[tuple[str, Repository]]:
    for name, repository in topology.repositories.items():
        if repository.type == "proxy" and repository.format in formats:
            yield name, repository


def _problems(topology: Topology, formats: Mapping[str, Any]) -> Iterator[Problem]:
    for name, repository in _proxies(topology, formats):
        rule = repository.routing_rule
        if rule and rule not in topology.routing_rules:
            given = f"the stack does not declare {rule}, so ownNamespaces cannot add to it"
            yield Problem(
                key_at("repositories", name, "routingRule"), given, "a rule under routingRules", f"declare {rule} there"
            )


def _with(rule: NexusObject | None, blocked: list[str]) -> NexusObject:
    """The rule, extended to block these paths as well."""
    if rule is None:
        body: dict[str, Any] = {"description": "Names that only this store may serve", "mode": "BLOCK"}
        return NexusObject.model_validate({**body, "matchers": blocked})
    declared = rule.declared
    matchers = [str(matcher) for matcher in declared.get("matchers") or []]
    if str(declared.get("mode", "BLOCK")).upper() == "ALLOW":
        outside = f"(?!{'|'.join(f'(?:{matcher})$' for matcher in blocked)})"
        wanted = [matcher if matcher.startswith(outside) else f"{outside}(?:{matcher})" for matcher in matchers]
    else:
        wanted = list(dict.fromkeys([*matchers, *blocked]))
    return NexusObject.model_validate({**declared, "adopt": rule.adopt, "matchers": wanted})


def _reading(role: Role, routes: DockerRoutes) -> Role:
    """The role; if it may read the pull repository, then the push repository as well."""
    pull, push = routes.pull.name, routes.push.name
    update: dict[str, Any] = {}
    if pull in role.pull and push not in (*role.pull, *role.push):
        update["pull"] = (*role.pull, push)
    views = {
        f"nx-repository-view-docker-{pull}-{action}": f"nx-repository-view-docker-{push}-{action}" for action in _READS
    }
    more = [views[name] for name in role.privileges if name in views and views[name] not in role.privileges]
    if more:
        update["privileges"] = (*role.privileges, *more)
    return role.model_copy(update=update)
