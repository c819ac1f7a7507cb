"""The objects that a topology declares, in the order in which Nexus needs them, each with its dependencies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from nexus import model, schema
from nexus.kinds import KINDS
from nexus.kinds.base import DELETE
from nexus.kinds.repository import SHIPPED
from nexus.objects.declaration import Declaration, Need
from stacks.topology.blob_store import BlobStore, OnDelete
from stacks.topology.nexus_object import NexusObject
from stacks.topology.privilege import Privilege
from stacks.topology.privileges import privileges, repository_of
from stacks.topology.repository import Repository
from stacks.topology.role import Role
from stacks.topology.sections import KIND_OF
from stacks.topology.topology import Topology
from stacks.topology.user import User

LDAP_ORDER = "ldapOrder"
"""Name and kind of the LDAP order, which is derived: servers are asked in the order of the stack file."""


def declarations(topology: Topology) -> Iterator[Declaration]:
    """Every object except realms, anonymous access and passwords, which the stack file has beside the topology.

    With `adopt: true`, but not with `strict`, fields that the stack file does not give are left to the server.
    """
    for section, kind in KIND_OF.items():
        found = (_declared(kind, name, entry, topology) for name, entry in topology.named(section).items())
        yield from _in_order(found) if KINDS[kind].is_ordered else _needed_first(found)


def _declared(kind: str, name: str, entry: Any, topology: Topology) -> Declaration:
    match entry:
        case BlobStore():
            found = _blob_store(name, entry)
        case Repository():
            found = _repository(name, entry)
        case Privilege():
            found = _made(kind, name, entry, entry.declared, type=entry.type)
        case Role():
            found = _role(name, entry, topology)
        case User():
            found = _user(name, entry)
        case _:
            found = _other(kind, name, entry)
    return replace(found, needs=_needs(topology, found, entry))


def _made(kind: str, name: str, entry: Any, body: Mapping[str, Any], **more: Any) -> Declaration:
    return Declaration(kind, name, body=body, **{"adopt": entry.adopt, "on_delete": entry.on_delete or "", **more})


def _blob_store(name: str, store: BlobStore) -> Declaration:
    body = store.declared if store.adopt is True else _completed(store.request, name, store.declared)
    purges = DELETE if store.adopt and store.on_delete is OnDelete.PURGE else ""
    return _made("blobStore", name, store, body, type=store.type, on_delete=purges)


def _repository(name: str, repository: Repository) -> Declaration:
    # An adopted one stays on its blob store.
    body = repository.model_extra or {} if repository.adopt else repository.declared
    found = _made("repository", name, repository, body, format=repository.format, type=repository.type)
    if repository.adopt is not True:
        found = replace(found, body=schema.complete(found.request, body))
    return replace(found, adopt=found.adopt or name in SHIPPED)


def _role(name: str, role: Role, topology: Topology) -> Declaration:
    body = {
        "name": role.name or name,
        "description": role.description,
        "privileges": privileges(role, topology.repositories),
        "roles": list(role.roles),
    }
    if role.adopt is True:
        written = role.model_fields_set | ({"privileges"} if {"pull", "push"} & role.model_fields_set else set())
        body = {key: value for key, value in body.items() if key in written}
    return _made("role", name, role, body)


def _user(name: str, user: User) -> Declaration:
    body = user.model_dump(
        by_alias=True, mode="json", exclude_none=True, exclude={"adopt", "on_delete"}, exclude_unset=user.adopt is True
    )
    return _made("user", name, user, body)


def _other(kind: str, name: str, entry: NexusObject) -> Declaration:
    if not KINDS[kind].is_collection:
        return Declaration(kind, name, body=schema.complete(kind, entry.declared))
    body = entry.declared if entry.adopt is True else _completed(kind, name, entry.declared)
    return _made(kind, name, entry, body)


def _completed(request: str, name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """The body with defaults; some of them are the object's name."""
    named = KINDS[request.partition("/")[0]].named(name)
    body = schema.complete(request, {**named, **declared})
    return {key: value for key, value in body.items() if key not in named or key in declared}


def _needs(topology: Topology, declaration: Declaration, entry: Any) -> tuple[Need, ...]:
    kind = KINDS[declaration.kind]
    written = {"pull": entry.pull, "push": entry.push} if isinstance(entry, Role) else {}
    named = [
        (KINDS[referred].section, name)
        for path, referred in kind.refers.items()
        for name in _names(model.at({**declaration.body, **written}, path))
    ]
    if isinstance(entry, Role):
        named += [("repositories", repository_of(name)) for name in entry.privileges]
    before = () if declaration.type in kind.local else kind.after
    needs = [(section, name) for section, name in named if name in topology.named(section)]
    needs += [(section, name) for section in map(_section, before) for name in topology.named(section)]
    return tuple(dict.fromkeys(needs))


def _section(kind: str) -> str:
    return KINDS[kind].section


def _names(value: Any) -> list[str]:
    return [name for name in (value if isinstance(value, list | tuple) else [value]) if isinstance(name, str)]


def _needed_first(found: Iterable[Declaration]) -> Iterator[Declaration]:
    """What others of its section need comes before them; otherwise in the order of the stack file."""
    waiting = {(each.section, each.name): each for each in found}

    def declared(need: Need) -> Iterator[Declaration]:
        if each := waiting.pop(need, None):
            for other in each.needs:
                yield from declared(other)
            yield each

    for need in list(waiting):
        yield from declared(need)


def _in_order(servers: Iterable[Declaration]) -> Iterator[Declaration]:
    """Each needs the one before it, so that new ones are in order even on servers without an order request (3.77)."""
    before: tuple[Need, ...] = ()
    made: tuple[Need, ...] = ()
    for server in servers:
        yield replace(server, needs=(*server.needs, *before))
        before = ((server.section, server.name),)
        made += before
    if len(made) > 1:
        order = {"names": [name for _, name in made]}
        yield Declaration(LDAP_ORDER, LDAP_ORDER, body=order, needs=made)
