"""Rules for references: the objects that an object refers to must exist."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any

from nexus import schema
from nexus.advice import key_at
from nexus.problem import Problem
from stacks.topology.repository import Repository
from stacks.topology.topology import Topology

BUILT_IN_BLOB_STORE = "default"
ALL = "*"

# The only format with another name in privileges and policies than in URLs.
_SPELLED = {"maven": "maven2"}


def problems(topology: Topology) -> Iterator[Problem]:
    yield from _blob_stores(topology)
    yield from _folders(topology)
    yield from _routing_rules(topology)
    yield from _privileges(topology)
    yield from _properties(topology)
    yield from _allowlist(topology)


def unknown(
    path: tuple[str, ...], what: str, named: Iterable[Any], known: Collection[str], section: str
) -> Iterator[Problem]:
    """A problem for each name that is not known."""
    for name in named:
        if isinstance(name, str) and name not in known:
            fix = f"declare {name} under {section} or remove it"
            yield Problem(key_at(*path), f"no {what} is called {name!r}", among(name, known), fix)


def reached(names: Iterable[str], below: Mapping[str, Iterable[str]]) -> set[str]:
    """The names and all that is below them; names that `below` does not have end there."""
    found, todo = set[str](), list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(below.get(name, ()))
    return found


def among(given: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(given, names, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return (", ".join(names) or "(none)") + hint


def format_names() -> list[str]:
    """The formats as Nexus calls them in privileges and policies."""
    return [_SPELLED.get(name, name) for name in schema.formats()]


def spelled(repository: Repository) -> str:
    return _SPELLED.get(repository.format, repository.format)


def _blob_stores(topology: Topology) -> Iterator[Problem]:
    known = [BUILT_IN_BLOB_STORE, *topology.blob_stores]
    for name, repository in topology.repositories.items():
        if repository.blob_store not in known:
            yield Problem(
                key_at("repositories", name, "storage", "blobStoreName"),
                f"no blob store is called {repository.blob_store!r}",
                among(repository.blob_store, known),
                f"add {repository.blob_store} under blobStores or name one of the list",
            )
    above: list[str] = []
    for name, store in topology.blob_stores.items():
        key = key_at("blobStores", name, "members")
        for member in store.members or ():
            if member not in above:
                fix = f"declare {member} above {name} or remove it"
                yield Problem(key, f"no blob store {member!r} is declared above", among(member, above), fix)
        if store.type == "group" and not store.members:
            yield Problem(key, "a group needs members", among("", above), f"list blob stores under {key}")
        above.append(name)


def _folders(topology: Topology) -> Iterator[Problem]:
    """Two file stores in one folder mix their files, and `onDelete: purge` of one would remove the other's."""
    taken = {PurePosixPath(BUILT_IN_BLOB_STORE): f"{BUILT_IN_BLOB_STORE!r}, which Nexus ships"}
    for name, store in topology.blob_stores.items():
        if store.type != "file":
            continue
        folder = PurePosixPath(normpath(store.path or name))
        key = key_at("blobStores", name, "path")
        for other, owner in taken.items():
            if name != BUILT_IN_BLOB_STORE and (folder.is_relative_to(other) or other.is_relative_to(folder)):
                given = f"{str(folder)!r} overlaps {str(other)!r} of {owner}"
                yield Problem(key, given, "a folder of its own for each blob store", f"set {key} to another folder")
                break
        taken.setdefault(folder, repr(name))


def _routing_rules(topology: Topology) -> Iterator[Problem]:
    for name, repository in topology.repositories.items():
        if repository.routing_rule:
            path = ("repositories", name, "routingRuleName")
            yield from unknown(path, "routing rule", [repository.routing_rule], topology.routing_rules, "routingRules")


def _privileges(topology: Topology) -> Iterator[Problem]:
    for name, privilege in topology.privileges.items():
        path, declared = ("privileges", name), privilege.declared
        repository = declared.get("repository")
        yield from unknown(
            (*path, "repository"), "repository", [repository], [ALL, *topology.repositories], "repositories"
        )
        selector = declared.get("contentSelector")
        yield from unknown(
            (*path, "contentSelector"), "content selector", [selector], topology.content_selectors, "contentSelectors"
        )
        yield from unknown((*path, "scriptName"), "script", [declared.get("scriptName")], topology.scripts, "scripts")
        yield from _privilege_format(key_at(*path), declared, topology.repositories)


def _privilege_format(
    key: str, declared: Mapping[str, Any], repositories: Mapping[str, Repository]
) -> Iterator[Problem]:
    format_, repository = declared.get("format"), declared.get("repository")
    if not isinstance(format_, str):
        return
    allowed = [ALL, *format_names()]
    if isinstance(repository, str) and repository in repositories:
        allowed = [ALL, spelled(repositories[repository])]
    if format_ not in allowed:
        yield Problem(
            f"{key}.format", "invalid value", among(format_, allowed), f"edit {key}.format", got=repr(format_)
        )


def _properties(topology: Topology) -> Iterator[Problem]:
    """The repositories and blob stores that tasks work on."""
    stores = [BUILT_IN_BLOB_STORE, ALL, *topology.blob_stores]
    for name, task in topology.tasks.items():
        properties = task.declared.get("properties")
        if isinstance(properties, Mapping):
            path = ("tasks", name, "properties")
            repository = properties.get("repositoryName")
            yield from unknown(
                (*path, "repositoryName"), "repository", [repository], [ALL, *topology.repositories], "repositories"
            )
            yield from unknown(
                (*path, "blobstoreName"), "blob store", [properties.get("blobstoreName")], stores, "blobStores"
            )


def _allowlist(topology: Topology) -> Iterator[Problem]:
    addresses: dict[Any, str] = {}
    for name, entry in topology.ip_allowlist_entries.items():
        address = entry.declared.get("ipOrCidr")
        key = key_at("ipAllowlistEntries", name, "ipOrCidr")
        if isinstance(address, str) and address in addresses:
            yield Problem(key, f"{address!r} is already in {addresses[address]}", "unique addresses", f"remove {name}")
        elif isinstance(address, str):
            yield from _network(key, address)
            addresses[address] = name
    if topology.ip_allowlist and topology.ip_allowlist.declared.get("mode") == "ENFORCE" and not addresses:
        yield Problem(
            "ipAllowlist.mode",
            "ENFORCE without entries lets everybody in",
            "ENFORCE with ipAllowlistEntries, MONITOR, DISABLED",
            "list the networks under ipAllowlistEntries, including that of the machine that runs `make up`",
        )


def _network(key: str, address: str) -> Iterator[Problem]:
    try:
        ip_network(address)
    except ValueError as error:
        yield Problem(key, str(error), "an IP address, or a network like 10.0.0.0/8", f"edit {key} in the stack file")
