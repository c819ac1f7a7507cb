"""Whether the docker host has the memory that the stack file gives to its containers."""

from collections.abc import Mapping

import pulumi

from components.engine_answer import engine_answer
from components.nginx_proxy import MEMORY_MIB as NGINX_MIB
from stacks.names import mebibytes
from stacks.nexus_settings import NexusSettings
from stacks.rules.problem import Problem
from stacks.rules.refusal import Refusal


def host_memory(environment: Mapping[str, str]) -> int | None:
    """The memory in MiB of the host whose engine the environment names; None when it does not say."""
    said = (engine_answer(environment, "info", "--format", "{{.MemTotal}}") or "").strip()
    return (int(said) >> 20 or None) if said.isdecimal() else None


def refuse_more_than(host: int | None, settings: NexusSettings) -> None:
    """Refuses limits that the host's memory in MiB cannot hold: the kernel would kill Nexus in the middle of a write.

    Raises:
        Refusal: nexus.memory and what nginx has are more than the host has.
    """
    if host is None:
        pulumi.log.warn(
            "the docker engine does not say how much memory its host has: nexus.memory is not held against it"
        )
    elif mebibytes(settings.memory) + NGINX_MIB > host:
        most = host - NGINX_MIB
        raise Refusal(
            [
                Problem(
                    "nexus.memory",
                    f"{settings.memory!r} was given",
                    f"at most {most}m, since the docker host has {host}m and nginx takes {NGINX_MIB}m",
                    f"pulumi config set --path nexus.memory {most}m, or a larger host",
                )
            ]
        )
