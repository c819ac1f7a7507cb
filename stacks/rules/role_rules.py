"""Rules for roles: what they refer to must exist, and no role may contain itself."""

from collections.abc import Iterable, Iterator, Mapping

from nexus.advice import key_at
from nexus.problem import Problem
from stacks.rules.reference_rules import reached, unknown
from stacks.topology.role import Role
from stacks.topology.topology import Topology

BUILT_IN_ROLES = frozenset({"nx-admin", "nx-anonymous"})


def problems(topology: Topology) -> Iterator[Problem]:
    known = BUILT_IN_ROLES | topology.roles.keys()
    below = {name: role.roles for name, role in topology.roles.items()}
    for name, role in topology.roles.items():
        if name in BUILT_IN_ROLES:
            allowed, fix = "roles with other names", f"list {name} under the roles of your own role or user instead"
            yield Problem(key_at("roles", name), "a built-in role of Nexus, which cannot be changed", allowed, fix)
        yield from _repositories(topology, name, role)
        yield from unknown(("roles", name, "roles"), "role", role.roles, known, "roles")
        yield from _cycle(below, name)
        # Privileges that Nexus ships, or makes for repositories, start with nx-.
        named = [privilege for privilege in role.privileges if not privilege.startswith("nx-")]
        yield from unknown(("roles", name, "privileges"), "privilege", named, topology.privileges, "privileges")


def _repositories(topology: Topology, name: str, role: Role) -> Iterator[Problem]:
    for key, named in (("pull", role.pull), ("push", role.push)):
        yield from unknown(("roles", name, key), "repository", named, topology.repositories, "repositories")
    for repository in role.push:
        if repository in topology.repositories and topology.repositories[repository].type != "hosted":
            yield Problem(
                key_at("roles", name, "push"),
                f"{repository!r} is a {topology.repositories[repository].type} repository, which takes no pushes",
                "hosted repositories",
                f"move {repository} to roles.{name}.pull",
            )


def _cycle(below: Mapping[str, Iterable[str]], name: str) -> Iterator[Problem]:
    """A role that contains itself: a problem for each role that it names and that leads back."""
    for first in below[name]:
        if name in reached([first], below):
            given = f"{first!r} is {name!r} or contains it"
            yield Problem(
                key_at("roles", name, "roles"), given, "roles that do not contain it", f"remove {first} from {name}"
            )
