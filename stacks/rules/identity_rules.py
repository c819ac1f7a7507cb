"""Rules against collisions: names that Nexus confuses with each other or with its own."""

from collections.abc import Iterable, Iterator, Mapping

from nexus.advice import key_at
from nexus.kinds.repository import SHIPPED
from nexus.kinds.truststore import fingerprint
from nexus.problem import Problem
from stacks.rules.reference_rules import BUILT_IN_BLOB_STORE
from stacks.topology.blob_store import TYPES as STORE_TYPES
from stacks.topology.nexus_object import NexusObject
from stacks.topology.topology import Topology

ADMINISTRATOR = "admin"


def problems(topology: Topology) -> Iterator[Problem]:
    yield from _spelled_alike("repositories", topology.repositories, SHIPPED)
    yield from _spelled_alike("blobStores", topology.blob_stores, [BUILT_IN_BLOB_STORE])
    yield from _certificates(topology.truststore)
    yield from _taken_by_paths(topology.blob_stores)
    yield from _administrator(topology.users)


def _spelled_alike(section: str, names: Iterable[str], shipped: Iterable[str]) -> Iterator[Problem]:
    """Nexus lets two names differ only in case, but then reads and deletes either object under both names."""
    taken = {name.lower(): name for name in shipped}
    for name in names:
        other = taken.setdefault(name.lower(), name)
        if other != name:
            yield Problem(
                key_at(section, name),
                f"differs from {other!r} only in capital letters, which Nexus does not tell apart",
                "names that differ in more than case",
                f"give {name} another name",
            )


def _taken_by_paths(names: Iterable[str]) -> Iterator[Problem]:
    """DELETE /v1/blobstores/s3 is the path of a type, which has no DELETE."""
    for name in names:
        if name in STORE_TYPES:
            key = key_at("blobStores", name)
            given = "Nexus can never delete a blob store that is named like a type"
            yield Problem(key, given, f"names other than {', '.join(STORE_TYPES)}", f"rename {key}")


def _administrator(names: Iterable[str]) -> Iterator[Problem]:
    if ADMINISTRATOR in names:
        yield Problem(
            key_at("users", ADMINISTRATOR),
            "the stack itself logs in as this user, with passwords.admin",
            "users with other names",
            f"remove users.{ADMINISTRATOR}",
        )


def _certificates(truststore: Mapping[str, NexusObject]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for name, certificate in truststore.items():
        try:
            print_ = fingerprint(certificate.declared)
        except ValueError:
            continue  # reported by body_rules
        other = taken.setdefault(print_, name)
        if other != name:
            yield Problem(
                key_at("truststore", name, "pem"),
                f"the same certificate as {other!r}",
                "unique certificates",
                f"remove {name}",
            )
