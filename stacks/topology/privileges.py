"""The names of the privileges that Nexus makes for each repository."""

from collections.abc import Mapping

from stacks.topology.repository import Repository
from stacks.topology.role import Role

PULL = ("browse", "read")
PUSH = ("browse", "read", "add", "edit")


def privileges(role: Role, repositories: Mapping[str, Repository]) -> list[str]:
    """The role's privileges: those that it names and those for its pull and push repositories."""
    wanted = [(name, PULL) for name in role.pull] + [(name, PUSH) for name in role.push]
    known = [(name, actions) for name, actions in wanted if name in repositories]  # others are refused by the rules
    made = [_view(name, repositories[name], action) for name, actions in known for action in actions]
    return list(dict.fromkeys([*role.privileges, *made]))


def repository_of(privilege: str) -> str:
    """The repository for which Nexus made the privilege; empty for any other privilege."""
    for start in ("nx-repository-view-", "nx-repository-admin-"):
        if privilege.startswith(start):
            return privilege.removeprefix(start).rpartition("-")[0].partition("-")[2]
    return ""


def _view(name: str, repository: Repository, action: str) -> str:
    # The only format with another name in privileges than in URLs.
    spelled = {"maven": "maven2"}.get(repository.format, repository.format)
    return f"nx-repository-view-{spelled}-{name}-{action}"
