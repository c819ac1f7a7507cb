"""The soft quota of blob stores that declare none."""

from stacks.topology.blob_store import SoftQuota
from stacks.topology.topology import Topology

_PART = 10
_ROUND = 10**9


def least_free(disk: int) -> int:
    """The space that should stay free on a disk, both in bytes: a tenth in whole gigabytes, at least one."""
    return max(_ROUND, disk // _PART // _ROUND * _ROUND)


def with_quotas(topology: Topology, free: int) -> Topology:
    """Gives file blob stores a soft quota of `free` bytes, unless they declare one or are adopted."""
    quota = SoftQuota(type="spaceRemainingQuota", limit=free)
    stores = {
        name: store if store.type != "file" or store.soft_quota or store.adopt else
        store.model_copy(update={"soft_quota": quota})
        for name, store in topology.blob_stores.items()
    }  # fmt: skip
    return topology.model_copy(update={"blob_stores": stores})
