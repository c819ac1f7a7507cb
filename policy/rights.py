"""Who may do what once the stack is up: roles and privileges resolved to permissions, as Nexus resolves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy import permissions
from policy.permissions import Permission
from policy.rule import Resource

SHIPPED_ROLES: Mapping[str, tuple[str, ...]] = {
    "nx-admin": ("nx-all",),
    "nx-anonymous": (
        "nx-healthcheck-read",
        "nx-search-read",
        "nx-repository-view-*-*-browse",
        "nx-repository-view-*-*-read",
    ),
}
"""The roles of every server and their privileges."""


@dataclass(frozen=True)
class Grant:
    """One privilege of a role; `permission` is None if what it permits is unknown."""

    role: str
    privilege: str
    permission: Permission | None

    def __str__(self) -> str:
        meaning = str(self.permission)
        return self.privilege if self.permission is None else f"{self.privilege} ({meaning})"


class Rights:
    """What the roles of a stack's resources permit."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.roles = {found.title: found for found in resources if found.kind == "Role"}
        self._privileges = {
            found.title: permissions.declared(str(found.at("type")), found.at("body", otherwise={}))
            for found in resources
            if found.kind == "Privilege"
        }

    def of_role(self, name: str) -> Iterator[Grant]:
        """The privileges of the role itself, without those of the roles that it contains."""
        for privilege in self._listed(name, "privileges") or SHIPPED_ROLES.get(name, ()):
            known = self._privileges.get(privilege) if privilege in self._privileges else permissions.shipped(privilege)
            yield Grant(name, privilege, known)

    def of_roles(self, names: Sequence[str]) -> Iterator[Grant]:
        """The privileges of these roles and of all roles that they contain."""
        for name in self.reached(names):
            yield from self.of_role(name)

    def reached(self, names: Sequence[str]) -> list[str]:
        """The roles and the roles that they contain, in a fixed order."""
        found: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(self._listed(name, "roles"))
        return sorted(found)

    def contained_undeclared(self, name: str) -> list[str]:
        """The roles directly within a declared role that the stack does not declare."""
        return [each for each in self._listed(name, "roles") if each not in self.roles]

    def is_known(self, role: str) -> bool:
        """Whether the role is declared or shipped."""
        return role in self.roles or role in SHIPPED_ROLES

    def _listed(self, role: str, key: str) -> list[str]:
        found = self.roles.get(role)
        return [str(entry) for entry in found.listed("body", key)] if found else []
