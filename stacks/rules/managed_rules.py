"""Rules for a managed Nexus, which has its files on the data volume."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from nexus.advice import key_at
from nexus.problem import Problem
from stacks.rules.shown import shown
from stacks.topology.topology import Topology


def problems(topology: Topology) -> Iterator[Problem]:
    """Files outside the data volume are in no backup and are lost with the container."""
    for name, store in topology.blob_stores.items():
        path = PurePosixPath(store.path or ".")
        if path.is_absolute() or ".." in path.parts:
            key = key_at("blobStores", name, "path")
            yield Problem(
                key,
                "outside the data volume: it is in no backup and is lost with the container",
                "a folder below blobs/ of the data volume, like team/releases",
                f"edit {key} in the stack file; to use another disk, put the whole data volume there (docs/backups.md)",
                got=shown(store.path),
            )
