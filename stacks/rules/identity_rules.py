"""The rules of sameness: what Nexus would take for one thing, or for its own."""

from collections.abc import Iterable, Iterator, Mapping

from nexus.kinds.fingerprint import fingerprint
from nexus.shipped import REPOSITORIES
from stacks.rules.problem import Problem
from stacks.rules.reference_rules import BUILT_IN_BLOB_STORE
from stacks.topology.nexus_object import NexusObject
from stacks.topology.topology import Topology


def problems(topology: Topology) -> Iterator[Problem]:
    yield from _spelled_alike("repositories", topology.repositories, REPOSITORIES)
    yield from _spelled_alike("blobStores", topology.blob_stores, [BUILT_IN_BLOB_STORE])
    yield from _certificates(topology.truststore)


def _spelled_alike(section: str, names: Iterable[str], shipped: Iterable[str]) -> Iterator[Problem]:
    """Nexus makes a second repository under a name in other letters, and answers and deletes either for both."""
    taken = {name.lower(): name for name in shipped}
    for name in names:
        other = taken.setdefault(name.lower(), name)
        if other != name:
            yield Problem(
                f"{section}.{name}",
                f"{name!r} and {other!r} differ in capital letters alone, by which Nexus does not tell them apart",
                "names that differ in more",
                f"give {name} another name",
            )


def _certificates(truststore: Mapping[str, NexusObject]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for name, certificate in truststore.items():
        try:
            print_ = fingerprint(certificate.declared)
        except ValueError:
            continue  # which is a mistake of its own
        other = taken.setdefault(print_, name)
        if other != name:
            yield Problem(
                f"truststore.{name}.pem",
                f"it is the certificate of {other!r} too",
                "each certificate once",
                f"take {name} out",
            )
