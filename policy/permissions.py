"""What a privilege permits, in the form in which Nexus checks it: a permission of Apache Shiro.

A permission is a path of parts, `nexus:repository-view:docker:team:add,edit`. A part is a set of words in any case, `*`
is every word, and parts that are left out at the end are `*`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_ANY = frozenset({"*"})
# The REST API and the privileges that Nexus ships use different words for the same action.
_SAME = {"create": "add", "update": "edit", "all": "*"}
_SHIPPED_ACTIONS = {
    "all": "*",
    "create": "add,read",
    "update": "edit,read",
    "delete": "delete,read",
    "uninstall": "delete,read",
    "read": "read",
    "mark": "add",
    "upload": "add",
    "run": "start,stop",
}
_REPOSITORY = re.compile(r"^nx-(repository-view|repository-admin)-([^-]+)-(.+)-([^-]+)$")
_SCRIPT = re.compile(r"^nx-script-(.+)-([^-]+)$")
_APPLICATION = re.compile(rf"^nx-([a-z-]+)-({'|'.join(_SHIPPED_ACTIONS)})$")
# Shipped under names that do not say what they permit.
_IRREGULAR = {
    "nx-all": "nexus:*",
    "nx-userschangepw": "nexus:userschangepw:add,read",
    "nx-usertoken-current": "nexus:usertoken-current:*",
    "nx-usertoken-settings": "nexus:usertoken-settings:*",
    "nx-usertoken-user": "nexus:usertoken-user:*",
    "nx-usertoken-users": "nexus:usertoken-users:*",
    "nx-healthcheck-summary-read": "nexus:healthchecksummary:read",
}


@dataclass(frozen=True)
class Permission:
    """One permission; `parts` are sets of words in lower case."""

    parts: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, text: str) -> Permission:
        """Parses a permission such as `nexus:users:add,edit`."""
        return cls(tuple(_words(part.split(",")) for part in text.split(":")))

    def implies(self, other: Permission) -> bool:
        """Whether this permission includes all of the other, by Shiro's rules."""
        return all(
            mine >= _ANY or mine >= theirs
            for mine, theirs in ((self.part(i), other.part(i)) for i in range(self._length(other)))
        )

    def reaches(self, other: Permission) -> bool:
        """Whether this permission includes any part of the other."""
        return all(
            mine >= _ANY or theirs >= _ANY or mine & theirs
            for mine, theirs in ((self.part(i), other.part(i)) for i in range(self._length(other)))
        )

    def _length(self, other: Permission) -> int:
        return max(len(self.parts), len(other.parts))

    def part(self, index: int) -> frozenset[str]:
        """The words at an index; a part that is left out at the end is `*`."""
        return self.parts[index] if index < len(self.parts) else _ANY

    def __str__(self) -> str:
        return ":".join(",".join(sorted(part)) for part in self.parts)


def shipped(name: str) -> Permission | None:
    """What a privilege permits that Nexus ships or creates for a repository, by its name; None for any other one."""
    if name in _IRREGULAR:
        return Permission.of(_IRREGULAR[name])
    if found := _REPOSITORY.match(name):
        return _permission(found[1], found[2], found[3], [found[4]])
    if found := _SCRIPT.match(name):
        return _permission("script", found[1], [found[2]])
    if found := _APPLICATION.match(name):
        return _permission(found[1], _SHIPPED_ACTIONS[found[2]].split(","))
    return None


def declared(type_: str, body: Mapping[str, object]) -> Permission | None:
    """What a privilege of the stack file permits; None for an unknown type."""

    def part(key: str) -> str:
        return str(body.get(key) or "*")

    actions = body.get("actions")
    words = (
        [str(action) for action in actions] if isinstance(actions, Sequence) and not isinstance(actions, str) else []
    )
    match type_:
        case "wildcard":
            return Permission.of(part("pattern"))
        case "application":
            return _permission(*part("domain").split(":"), words)
        case "script":
            return _permission("script", part("scriptName"), words)
        case "repository-view" | "repository-admin":
            return _permission(type_, part("format"), part("repository"), words)
        case "repository-content-selector":
            return _permission(type_, part("contentSelector"), part("format"), part("repository"), words)
    return None


def _permission(*parts: str | list[str]) -> Permission:
    return Permission((frozenset({"nexus"}), *(_words([part] if isinstance(part, str) else part) for part in parts)))


def _words(words: Iterable[str]) -> frozenset[str]:
    spelled = {word.strip().lower() for word in words} - {""}
    # Nexus knows no words like `maven2-*`, so each with a wildcard counts as `*`.
    return frozenset("*" if "*" in word else _SAME.get(word, word) for word in spelled) or _ANY
