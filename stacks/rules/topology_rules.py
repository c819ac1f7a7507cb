"""Rules that span the objects of a topology: members, ports, realms, users and references."""

from collections.abc import Iterable, Iterator, Mapping

from nexus.advice import give_password, key_at, password
from nexus.problem import Problem
from stacks.layout import NEXUS_PORT
from stacks.rules import (
    blob_store_rules,
    body_rules,
    cleanup_rules,
    identity_rules,
    reference_rules,
    role_rules,
)
from stacks.rules.reference_rules import among, reached, unknown
from stacks.rules.role_rules import BUILT_IN_ROLES
from stacks.topology.repository import Repository
from stacks.topology.topology import Topology

TOKEN_REALM = "DockerToken"


def problems(
    topology: Topology, passwords: Iterable[str], realms: Iterable[str] = (), generation: str | None = None
) -> Iterator[Problem]:
    """Every mistake in the topology as a whole, in the order of the stack file.

    With a generation, fields that this release does not know are mistakes too.
    """
    wrong = list(body_rules.problems(topology, generation))
    yield from wrong
    named = {problem.key for problem in wrong}
    yield from (problem for problem in _among_objects(topology, passwords, realms) if problem.key not in named)


def _among_objects(topology: Topology, passwords: Iterable[str], realms: Iterable[str]) -> Iterator[Problem]:
    yield from _members(topology.repositories)
    yield from _ports(topology.repositories)
    yield from _token_realm(topology.repositories, frozenset(realms))
    yield from identity_rules.problems(topology)
    yield from reference_rules.problems(topology)
    yield from blob_store_rules.problems(topology)
    yield from cleanup_rules.problems(topology)
    yield from role_rules.problems(topology)
    yield from _users(topology, frozenset(passwords))


def _members(repositories: Mapping[str, Repository]) -> Iterator[Problem]:
    above: set[str] = set()
    for name, repository in repositories.items():
        for member in repository.members:
            problem = _member(name, member, repositories, above)
            if problem:
                yield problem
        above.add(name)


def _member(group: str, member: str, repositories: Mapping[str, Repository], above: set[str]) -> Problem | None:
    key = key_at("repositories", group, "group", "memberNames")
    if member not in repositories:
        fix = f"declare {member} above {group}"
        return Problem(key, f"no repository is called {member!r}", among(member, above), fix)
    if member not in above and group in reached([member], {name: each.members for name, each in repositories.items()}):
        return Problem(
            key,
            f"{member!r} reads {group!r} itself, which makes a cycle",
            "members that do not read the group",
            f"remove {member} from {group}",
        )
    if member not in above:
        return Problem(key, f"{member!r} is declared later", among(member, above), f"move {member} above {group}")
    if repositories[member].format != repositories[group].format:
        return Problem(
            key,
            f"{member!r} has the format {repositories[member].format}",
            f"members of the format {repositories[group].format}",
            f"remove {member} from {group}",
        )
    return None


def _ports(repositories: Mapping[str, Repository]) -> Iterator[Problem]:
    taken = {NEXUS_PORT: "Nexus itself"}
    for name, repository in repositories.items():
        for connector, port in repository.connectors:
            if port in taken:
                yield Problem(
                    key_at("repositories", name, "docker", connector),
                    f"port {port} is taken by {taken[port]}",
                    "a port that no other connector has",
                    f"set {connector} of {name} to a free port, like {max(taken) + 1}",
                )
            else:
                taken[port] = name


def _users(topology: Topology, passwords: frozenset[str]) -> Iterator[Problem]:
    known = BUILT_IN_ROLES | topology.roles.keys()
    for name, user in topology.users.items():
        yield from unknown(("users", name, "roles"), "role", user.roles, known, "roles")
        if name not in passwords and not user.adopt:  # a user that exists already keeps its own
            yield missing_password(name)
    for section, users in (("samlUsers", topology.saml_users), ("oauth2Users", topology.oauth2_users)):
        for name, foreign in users.items():
            roles = foreign.declared.get("roles")
            yield from unknown(
                (section, name, "roles"), "role", roles if isinstance(roles, list) else [], known, "roles"
            )


def missing_password(user: str) -> Problem:
    return Problem(password(user), "missing secret", "a secret of the stack file", give_password(user))


def _token_realm(repositories: Mapping[str, Repository], realms: frozenset[str]) -> Iterator[Problem]:
    """Docker clients log in with tokens unless forceBasicAuth is set, and Nexus accepts tokens only with this realm."""
    if not realms or TOKEN_REALM in realms:
        return
    for name, repository in repositories.items():
        if repository.uses_token_realm:
            yield Problem(
                "realms",
                f"{TOKEN_REALM} is not among them, and docker clients of {name} log in with its tokens",
                f"a list with {TOKEN_REALM}, or forceBasicAuth: true in {name}",
                f"pulumi config set --path 'realms[{len(realms)}]' {TOKEN_REALM}",
            )
            return
