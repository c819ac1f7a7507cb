"""Settings that all containers of the store share."""

from collections.abc import Mapping
from typing import Any

import pulumi_docker as docker
from pulumi import ResourceOptions

from stacks.layout import PLUGIN_DEFAULTS, TMP_MIB

READ_ONLY_ROOT: Mapping[str, Any] = {
    "read_only": True,
    "tmpfs": {"/tmp": f"mode=1777,size={TMP_MIB}m"},  # noqa: S108 - in the container
}
"""A container that can write to its volumes and a small /tmp only."""


def container_defaults(memory_mib: int) -> dict[str, Any]:
    """No capabilities, no new privileges, limited memory without swap, limited logs, and a restart after a failure.

    With `must_run`, a mere read by the docker provider would remove a stopped container and its logs.
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
    """The same for a container that writes only to its volumes and a small /tmp."""
    return {**container_defaults(memory_mib), **READ_ONLY_ROOT}


def kept_as_made(options: ResourceOptions) -> ResourceOptions:
    """The options for a container that a change of its labels or `mustRun` does not replace, nor another docker plugin.

    Its releases do not share their defaults, and would replace a container for them.
    """
    ignored = ["labels", "mustRun", *PLUGIN_DEFAULTS]
    return ResourceOptions.merge(options, ResourceOptions(ignore_changes=ignored))
