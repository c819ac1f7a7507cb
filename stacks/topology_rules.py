"""The rules that no single object can check: what the objects of a topology say of one another."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from nexus import schema
from nexus.shipped import REPOSITORIES as SHIPPED
from stacks.problem import Problem
from stacks.repository import Repository
from stacks.topology import Topology

BUILT_IN_BLOB_STORE = "default"
BUILT_IN_ROLES = frozenset({"nx-admin", "nx-anonymous"})
NEXUS_PORT = 8081


def problems(topology: Topology, passwords: Iterable[str]) -> Iterator[Problem]:
    """Everything that is wrong with the topology as a whole, in the order of the stack file."""
    yield from _bodies(topology.repositories)
    yield from _blob_stores(topology)
    yield from _members(topology.repositories)
    yield from _ports(topology.repositories)
    yield from _roles(topology)
    yield from _users(topology, frozenset(passwords))


def _bodies(repositories: Mapping[str, Repository]) -> Iterator[Problem]:
    for name, repository in repositories.items():
        body = schema.complete(repository.request, {"name": name, **repository.declared})
        for violation in schema.violations(repository.request, body):
            if name in SHIPPED and violation.path == "proxy.remoteUrl" and violation.problem == "is missing":
                continue
            key = f"repositories.{name}" if violation.path == "name" else f"repositories.{name}.{violation.path}"
            given = violation.problem if violation.given is None else f"{violation.given!r} {violation.problem}"
            yield Problem(key, given, violation.allowed, f"mend {key} in the stack file")


def _blob_stores(topology: Topology) -> Iterator[Problem]:
    known = [BUILT_IN_BLOB_STORE, *topology.blob_stores]
    for name, repository in topology.repositories.items():
        if repository.blob_store not in known:
            yield Problem(
                f"repositories.{name}.storage.blobStoreName",
                f"no blob store is called {repository.blob_store!r}",
                _among(repository.blob_store, known),
                f"add {repository.blob_store} under blobStores or name one of the list",
            )


def _members(repositories: Mapping[str, Repository]) -> Iterator[Problem]:
    above: set[str] = set()
    for name, repository in repositories.items():
        for member in repository.members:
            problem = _member(name, member, repositories, above)
            if problem:
                yield problem
        above.add(name)


def _member(group: str, member: str, repositories: Mapping[str, Repository], above: set[str]) -> Problem | None:
    key = f"repositories.{group}.group.memberNames"
    if member not in repositories:
        remedy = f"declare {member} above {group}"
        return Problem(key, f"no repository is called {member!r}", _among(member, above), remedy)
    if member not in above and _reads(member, group, repositories):
        return Problem(
            key,
            f"{member!r} reads {group!r} itself, which makes a cycle",
            "members that do not read the group",
            f"take {member} out of {group}",
        )
    if member not in above:
        return Problem(key, f"{member!r} is declared later", _among(member, above), f"move {member} above {group}")
    if repositories[member].format != repositories[group].format:
        return Problem(
            key,
            f"{member!r} has the format {repositories[member].format}",
            f"members of the format {repositories[group].format}",
            f"take {member} out of {group}",
        )
    return None


def _reads(reader: str, wanted: str, repositories: Mapping[str, Repository]) -> bool:
    """Whether a repository is, or reads through its members, the wanted one."""
    seen: set[str] = set()
    todo = [reader]
    while todo:
        name = todo.pop()
        if name == wanted:
            return True
        if name not in seen and name in repositories:
            seen.add(name)
            todo.extend(repositories[name].members)
    return False


def _ports(repositories: Mapping[str, Repository]) -> Iterator[Problem]:
    taken = {NEXUS_PORT: "Nexus itself"}
    for name, repository in repositories.items():
        for connector, port in repository.connectors:
            if port in taken:
                yield Problem(
                    f"repositories.{name}.docker.{connector}",
                    f"port {port} is taken by {taken[port]}",
                    "a port that no other connector has",
                    f"set {connector} of {name} to a free port, like {max(taken) + 1}",
                )
            elif isinstance(port, int):
                taken[port] = name


def _roles(topology: Topology) -> Iterator[Problem]:
    known = [*BUILT_IN_ROLES, *topology.roles]
    for name, role in topology.roles.items():
        for key, repository in [*(("pull", r) for r in role.pull), *(("push", r) for r in role.push)]:
            if repository not in topology.repositories:
                yield Problem(
                    f"roles.{name}.{key}",
                    f"no repository is called {repository!r}",
                    _among(repository, topology.repositories),
                    f"declare {repository} under repositories or take it out",
                )
        for repository in role.push:
            if repository in topology.repositories and topology.repositories[repository].type != "hosted":
                yield Problem(
                    f"roles.{name}.push",
                    f"{repository!r} is a {topology.repositories[repository].type} repository",
                    "hosted repositories, which alone take uploads",
                    f"move {repository} to roles.{name}.pull",
                )
        yield from _unknown_roles(f"roles.{name}.roles", role.roles, known)


def _users(topology: Topology, passwords: frozenset[str]) -> Iterator[Problem]:
    known = [*BUILT_IN_ROLES, *topology.roles]
    for name, user in topology.users.items():
        yield from _unknown_roles(f"users.{name}.roles", user.roles, known)
        if name not in passwords:
            yield missing_password(name)


def missing_password(user: str) -> Problem:
    key = f"passwords.{user}"
    return Problem(
        key, "the secret is missing", "a secret of the stack file", f"pulumi config set --secret --path {key}"
    )


def _unknown_roles(key: str, named: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    for role in named:
        if role not in known:
            remedy = f"declare {role} under roles or take it out"
            yield Problem(key, f"no role is called {role!r}", _among(role, known), remedy)


def _among(given: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(given, names, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return (", ".join(names) or "none yet") + hint
