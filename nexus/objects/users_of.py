"""Which objects of a server refer to another one."""

from collections.abc import Iterator
from typing import Any

from nexus import model
from nexus.errors import NexusError, Unreachable
from nexus.objects.reader import Reader

# By kind: the kinds that refer to it, with the path of the reference in an entry of their listings.
_NAMED_BY: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "blobStore": (("repository", ("storage", "blobStoreName")),),
    "repository": (("repository", ("group", "memberNames")), ("role", ("privileges",))),
    "cleanupPolicy": (("repository", ("cleanup", "policyNames")),),
    "routingRule": (("repository", ("routingRuleName",)),),
    "contentSelector": (("privilege", ("contentSelector",)),),
    "script": (("privilege", ("scriptName",)),),
    "privilege": (("role", ("privileges",)),),
    "role": (("role", ("roles",)), ("user", ("roles",))),
}


def users_of(reader: Reader, kind: str, name: str) -> Iterator[tuple[str, str]]:
    """Kind and name of each object that refers to this one, without kinds that cannot be listed."""
    for other, path in _NAMED_BY.get(kind, ()):
        for entry in _entries(reader, other):
            named = _named(_at(entry, path))
            # Nexus deletes a repository's privileges with it and removes them from every role.
            if name in named or (kind == "repository" and any(action_of(name, str(each)) for each in named)):
                yield other, str(entry.get("userId") or entry.get("id") or entry.get("name"))


def _entries(reader: Reader, kind: str) -> list[dict[str, Any]]:
    try:
        return reader.entries(kind)
    except Unreachable:
        raise
    except NexusError:
        return []


def _at(entry: Any, path: model.Path) -> Any:
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    return entry


def _named(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def action_of(name: str, privilege: str) -> str:
    """What a privilege that Nexus made for the repository allows, like view/read; empty for any other privilege.

    Their names are like nx-repository-view-maven2-releases-read.
    """
    for kind in ("view", "admin"):
        start, end = f"nx-repository-{kind}-", privilege.rpartition("-")
        if privilege.startswith(start) and end[0].removeprefix(start).partition("-")[2] == name:
            return f"{kind}/{end[2]}"
    return ""
