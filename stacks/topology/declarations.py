"""The objects that a topology declares, in the order in which Nexus needs them, each with what it needs before it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from nexus import schema
from nexus.departure import DELETE
from nexus.kinds import KINDS
from nexus.shipped import REPOSITORIES as SHIPPED
from stacks.topology.blob_store import OnDelete
from stacks.topology.declaration import Declaration, Need
from stacks.topology.nexus_object import NexusObject
from stacks.topology.privileges import privileges, repository_of
from stacks.topology.repository import Repository
from stacks.topology.role import Role
from stacks.topology.sections import MANY, ONE
from stacks.topology.topology import Topology

LDAP_ORDER = "ldapOrder"
"""Section and kind of what is not declared: LDAP servers are asked in the order in which the stack file has them."""


def declarations(topology: Topology) -> Iterator[Declaration]:
    """Every object but the realms, anonymous access and passwords, which are keys of the stack file themselves."""
    for made in (_first_settings, _storage, _repositories, _access, _directories, _system):
        yield from made(topology)


def _first_settings(topology: Topology) -> Iterator[Declaration]:
    """What decides whether the server may reach a remote at all."""
    yield from _setting("ssrfProtection", topology.ssrf_protection)
    yield from _setting("httpProxy", topology.http_proxy)
    yield from _setting("telemetryAcknowledgement", topology.telemetry_acknowledgement)
    yield from _named("truststore", topology.truststore)


def _storage(topology: Topology) -> Iterator[Declaration]:
    for name, store in topology.blob_stores.items():
        needs = [("blobStores", member) for member in store.members or ()]
        needs += [] if store.type in ("file", "group") else _reach(topology)
        body = store.declared if store.adopt else _completed(store.request, name, store.declared)
        purges = DELETE if store.adopt and store.on_delete is OnDelete.PURGE else ""
        yield Declaration("blobStores", name, "blobStore", body, "", store.type, store.adopt, purges, tuple(needs))
    yield from _named("routingRules", topology.routing_rules)
    yield from _named("cleanupPolicies", topology.cleanup_policies)


def _repositories(topology: Topology) -> Iterator[Declaration]:
    for name, repository in topology.repositories.items():
        yield Declaration(
            "repositories",
            name,
            "repository",
            # What is undeclared of a repository that is taken over stays as it is there.
            repository.said if repository.adopt else schema.complete(repository.request, repository.declared),
            repository.format,
            repository.type,
            repository.adopt or name in SHIPPED,
            repository.on_delete or "",
            tuple(_needs_of_repository(topology, repository)),
        )


def _needs_of_repository(topology: Topology, repository: Repository) -> Iterator[Need]:
    yield from (("repositories", member) for member in repository.members)
    if repository.blob_store in topology.blob_stores:
        yield "blobStores", repository.blob_store
    yield from (("cleanupPolicies", policy) for policy in repository.cleanup_policies)
    if repository.routing_rule:
        yield "routingRules", repository.routing_rule
    if repository.type == "proxy":
        yield from _reach(topology)


def _access(topology: Topology) -> Iterator[Declaration]:
    yield from _named("scripts", topology.scripts)
    yield from _named("contentSelectors", topology.content_selectors)
    for name, privilege in topology.privileges.items():
        said = privilege.declared
        needs = _existing(
            topology,
            ("repositories", said.get("repository")),
            ("contentSelectors", said.get("contentSelector")),
            ("scripts", said.get("scriptName")),
        )
        then = privilege.on_delete or ""
        yield Declaration("privileges", name, "privilege", said, "", privilege.type, privilege.adopt, then, needs)
    for name, role in topology.roles.items():
        body, needs = _role(name, role, topology), _needs_of_role(topology, role)
        yield Declaration("roles", name, "role", body, "", "", role.adopt, role.on_delete or "", needs)
    for name, user in topology.users.items():
        body = user.model_dump(
            by_alias=True, mode="json", exclude_none=True, exclude={"adopt", "on_delete"}, exclude_unset=user.adopt
        )
        needs = _existing(topology, *(("roles", role) for role in user.roles))
        yield Declaration("users", name, "user", body, "", "", user.adopt, user.on_delete or "", needs)


def _role(name: str, role: Role, topology: Topology) -> dict[str, Any]:
    body = {
        "name": role.name or name,
        "description": role.description,
        "privileges": privileges(role, topology.repositories),
        "roles": list(role.roles),
    }
    if not role.adopt:
        return body
    said = role.model_fields_set | ({"privileges"} if {"pull", "push"} & role.model_fields_set else set())
    return {key: value for key, value in body.items() if key in said}


def _needs_of_role(topology: Topology, role: Role) -> tuple[Need, ...]:
    return _existing(
        topology,
        *(("repositories", name) for name in dict.fromkeys((*role.pull, *role.push))),
        *(("repositories", repository_of(name)) for name in role.privileges),
        *(("privileges", name) for name in role.privileges),
        *(("roles", name) for name in role.roles),
    )


def _directories(topology: Topology) -> Iterator[Declaration]:
    """Where users come from besides Nexus's own list."""
    reach = tuple(_reach(topology))
    yield from _one_after_another(_named("ldap", topology.ldap, lambda _: reach))
    if len(topology.ldap) > 1:
        order = {"names": list(topology.ldap)}
        yield Declaration(
            LDAP_ORDER, LDAP_ORDER, LDAP_ORDER, order, needs=tuple(("ldap", name) for name in order["names"])
        )
    yield from _setting("saml", topology.saml, reach)
    yield from _setting("oauth2", topology.oauth2, reach)
    yield from _setting("crowd", topology.crowd, reach)
    yield from _setting("userTokens", topology.user_tokens)
    saml: tuple[Need, ...] = (("saml", "saml"),) if topology.saml else ()
    yield from _named("samlUsers", topology.saml_users, lambda said: (*_roles_of(topology, said), *saml))
    oauth2: tuple[Need, ...] = (("oauth2", "oauth2"),) if topology.oauth2 else ()
    yield from _named("oauth2Users", topology.oauth2_users, lambda said: (*_roles_of(topology, said), *oauth2))


def _roles_of(topology: Topology, said: Mapping[str, Any]) -> tuple[Need, ...]:
    roles = said.get("roles")
    return _existing(topology, *(("roles", role) for role in (roles if isinstance(roles, list) else ())))


def _system(topology: Topology) -> Iterator[Declaration]:
    reach = tuple(_reach(topology))
    yield from _named("ipAllowlistEntries", topology.ip_allowlist_entries)
    # Enforced after the entries are there, and no more before they go: else it shuts out the program itself.
    entries = tuple(("ipAllowlistEntries", name) for name in topology.ip_allowlist_entries)
    yield from _setting("ipAllowlist", topology.ip_allowlist, entries)
    yield from _setting("email", topology.email, reach)
    yield from _setting("iqServer", topology.iq_server, reach)
    yield from _named("capabilities", topology.capabilities, lambda said: _named_in(topology, said))
    mail: tuple[Need, ...] = (("email", "email"),) if topology.email else ()
    yield from _named("tasks", topology.tasks, lambda said: (*_named_in(topology, said), *mail))


def _named_in(topology: Topology, said: Mapping[str, Any]) -> tuple[Need, ...]:
    """The repository and the blob store that the properties of a task or a capability name."""
    properties = said.get("properties")
    found = properties if isinstance(properties, Mapping) else {}
    return _existing(
        topology,
        ("repositories", found.get("repositoryName") or found.get("repository")),
        ("blobStores", found.get("blobstoreName") or found.get("blobStoreName")),
    )


def _one_after_another(declarations: Iterable[Declaration]) -> Iterator[Declaration]:
    """Each after the one before, so that new ones are in order on servers too that cannot be told one (3.77)."""
    before: tuple[Need, ...] = ()
    for declaration in declarations:
        yield replace(declaration, needs=(*declaration.needs, *before))
        before = ((declaration.section, declaration.name),)


def _named(
    section: str,
    objects: Mapping[str, NexusObject],
    needs: Callable[[Mapping[str, Any]], tuple[Need, ...]] = lambda _: (),
) -> Iterator[Declaration]:
    kind = MANY[section]
    for name, said in objects.items():
        body = said.declared if said.adopt else _completed(kind, name, said.declared)
        then = said.on_delete or ""
        yield Declaration(section, name, kind, body, adopt=said.adopt, on_delete=then, needs=needs(said.declared))


def _setting(section: str, said: NexusObject | None, needs: tuple[Need, ...] = ()) -> Iterator[Declaration]:
    kind = ONE[section]
    if said is not None:
        yield Declaration(section, section, kind, schema.complete(kind, said.declared), needs=needs)


def _completed(request: str, name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """The body with our defaults; some of them are the object's name."""
    identity = KINDS[request.partition("/")[0]].identity
    body = schema.complete(request, {identity: name, **declared} if identity else declared)
    return {key: value for key, value in body.items() if key != identity or identity in declared}


def _reach(topology: Topology) -> list[Need]:
    """What must be settled before the server speaks to others."""
    settings = (("ssrfProtection", topology.ssrf_protection), ("httpProxy", topology.http_proxy))
    return [(key, key) for key, said in settings if said] + [("truststore", name) for name in topology.truststore]


def _existing(topology: Topology, *wanted: tuple[str, Any]) -> tuple[Need, ...]:
    sections: dict[str, Mapping[str, Any]] = {
        "repositories": topology.repositories,
        "blobStores": topology.blob_stores,
        "contentSelectors": topology.content_selectors,
        "scripts": topology.scripts,
        "privileges": topology.privileges,
        "roles": topology.roles,
    }
    return tuple((section, name) for section, name in wanted if isinstance(name, str) and name in sections[section])
