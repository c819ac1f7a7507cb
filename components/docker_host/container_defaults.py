"""What every container of the store has."""

from typing import Any

import pulumi_docker as docker
from pulumi import ResourceOptions


def container_defaults(memory_mib: int) -> dict[str, Any]:
    """No capability, no new privilege, bounded memory without swap, bounded logs, and up again after a failure.

    `must_run` would have the docker provider remove a container that has stopped, with its logs, when it only reads it.
    """
    return {
        "must_run": False,
        "capabilities": docker.ContainerCapabilitiesArgs(drops=["ALL"]),
        "security_opts": ["no-new-privileges:true"],
        "memory": memory_mib,
        "memory_swap": memory_mib,
        "restart": "unless-stopped",
        "log_driver": "json-file",
        "log_opts": {"max-size": "10m", "max-file": "3"},
    }


def read_only_defaults(memory_mib: int) -> dict[str, Any]:
    """The same for a container that writes to its volumes and a small /tmp alone."""
    return {
        **container_defaults(memory_mib),
        "read_only": True,
        "tmpfs": {"/tmp": "mode=1777,size=16m"},  # noqa: S108 - in the container
    }


def kept_as_made(options: ResourceOptions) -> ResourceOptions:
    """The options for a container, which is not replaced for a label or setting that only a new one gets."""
    return ResourceOptions.merge(options, ResourceOptions(ignore_changes=["labels", "mustRun"]))
