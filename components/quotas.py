"""Default quotas of the blob stores, from the size of the host's disk."""

import pulumi

from components.docker_host.docker_engine import endpoint_of
from components.naming import physical
from components.nexus_server import ROLE
from nexus.problem import Problem
from preflight.host_disk import host_disk
from stacks.maintenance import AUTO
from stacks.settings import Settings
from stacks.topology.quotas import least_free, with_quotas


def with_host_quotas(settings: Settings) -> Settings:
    """The settings with a quota for each blob store that has none, if the stack file sets `maintenance.quota`."""
    wanted = settings.maintenance.quota if settings.maintenance else None
    if wanted is None:
        return settings
    free = _of_host(settings) if wanted == AUTO else int(wanted)
    if free is None:
        return settings
    return settings.model_copy(update={"topology": with_quotas(settings.topology, free)})


def _of_host(settings: Settings) -> int | None:
    disk = None
    if settings.nexus.is_managed:
        disk = host_disk(endpoint_of(settings.docker).environment, physical(ROLE))
    if disk is None:
        unseen = Problem(
            "maintenance.quota",
            "the size of the blob stores' disk is not known yet, so none of them gets a quota",
            "the space to keep free, like 50GB",
            "pulumi config set --path maintenance.quota 50GB, or run `up` again",
            got=AUTO,
        )
        pulumi.log.warn(str(unseen))
        return None
    return least_free(disk.total)
