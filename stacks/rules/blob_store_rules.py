"""Rules for groups of blob stores."""

from collections.abc import Iterator

from nexus.advice import key_at
from nexus.problem import Problem
from stacks.topology.topology import Topology


def problems(topology: Topology) -> Iterator[Problem]:
    """A member belongs to one group, is not a group itself, and is used only through its group."""
    group_of: dict[str, str] = {}
    for name, store in topology.blob_stores.items():
        for member in store.members or ():
            yield from _member(topology, name, member, group_of)
            group_of.setdefault(member, name)
    for name, repository in topology.repositories.items():
        group = group_of.get(repository.blob_store)
        if group:
            key = key_at("repositories", name, "storage", "blobStoreName")
            yield Problem(
                key,
                f"this blob store is a member of the group {group!r}, and only the group may use it",
                f"{group}, or a blob store outside of groups",
                f"set {key} to {group}",
                got=repr(repository.blob_store),
            )


def _member(topology: Topology, group: str, member: str, group_of: dict[str, str]) -> Iterator[Problem]:
    store, other = topology.blob_stores.get(member), group_of.get(member)
    if store and store.type == "group":
        given = f"{member!r} is a group itself"
    elif other:
        given = f"{member!r} is already a member of {other!r}"
    else:
        return
    key = key_at("blobStores", group, "members")
    yield Problem(
        key, given, "blob stores that are neither groups nor in another group", f"remove {member} from {group}"
    )
