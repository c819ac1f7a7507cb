"""Which objects of a server refer to another one."""

from collections.abc import Iterator
from typing import Any

from nexus import model
from nexus.errors import NexusError, Unreachable
from nexus.kinds import KINDS
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
            if KINDS[kind].is_meant_by(name, _named(model.at(entry, path))):
                yield other, str(entry.get("userId") or entry.get("id") or entry.get("name"))


def _entries(reader: Reader, kind: str) -> list[dict[str, Any]]:
    try:
        return reader.entries(kind)
    except Unreachable:
        raise
    except NexusError:
        return []


def _named(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
