"""Rules for roles: what they refer to must exist, and no role may contain itself."""

from collections.abc import Iterator, Mapping

from nexus.advice import key_at
from nexus.problem import Problem
from stacks.rules.reference_rules import among, unknown
from stacks.topology.role import Role
from stacks.topology.topology import Topology

BUILT_IN_ROLES = frozenset({"nx-admin", "nx-anonymous"})


def problems(topology: Topology) -> Iterator[Problem]:
    known = [*BUILT_IN_ROLES, *topology.roles]
    for name, role in topology.roles.items():
        if name in BUILT_IN_ROLES:
            allowed, fix = "roles with other names", f"list {name} under the roles of your own role or user instead"
            yield Problem(key_at("roles", name), "a built-in role of Nexus, which cannot be changed", allowed, fix)
        yield from _repositories(topology, name, role)
        yield from unknown(key_at("roles", name, "roles"), "role", role.roles, known, "roles")
        yield from _cycle(topology.roles, name)
        # Privileges that Nexus ships, or makes for repositories, start with nx-.
        named = [privilege for privilege in role.privileges if not privilege.startswith("nx-")]
        yield from unknown(key_at("roles", name, "privileges"), "privilege", named, topology.privileges, "privileges")


def _repositories(topology: Topology, name: str, role: Role) -> Iterator[Problem]:
    for key, repository in [*(("pull", r) for r in role.pull), *(("push", r) for r in role.push)]:
        if repository not in topology.repositories:
            yield Problem(
                key_at("roles", name, key),
                f"no repository is called {repository!r}",
                among(repository, topology.repositories),
                f"declare {repository} under repositories or remove it",
            )
    for repository in role.push:
        if repository in topology.repositories and topology.repositories[repository].type != "hosted":
            yield Problem(
                key_at("roles", name, "push"),
                f"{repository!r} is a {topology.repositories[repository].type} repository, which takes no pushes",
                "hosted repositories",
                f"move {repository} to roles.{name}.pull",
            )


def _cycle(roles: Mapping[str, Role], name: str) -> Iterator[Problem]:
    """A role that contains itself: a problem for each role that it names and that leads back."""
    for first in roles[name].roles:
        seen, todo = set[str](), [first]
        while todo:
            role = todo.pop()
            if role in roles and role not in seen:
                seen.add(role)
                todo.extend(roles[role].roles)
        if name in seen:
            given = f"{first!r} is {name!r} or contains it"
            yield Problem(
                key_at("roles", name, "roles"), given, "roles that do not contain it", f"remove {first} from {name}"
            )
