"""Checks that the docker host has the memory that the stack file gives to its containers."""

from collections.abc import Mapping

import pulumi

from nexus.problem import Problem
from preflight.engine_answer import engine_answer
from stacks.managed_nexus import ManagedNexus
from stacks.names import mebibytes
from stacks.nginx_settings import NginxSettings
from stacks.rules.refusal import Refusal
from stacks.tls_settings import TlsSettings


def host_memory(environment: Mapping[str, str]) -> int | None:
    """The memory of the docker host in MiB; None if its engine does not report it."""
    answer = (engine_answer(environment, "info", "--format", "{{.MemTotal}}") or "").strip()
    return (int(answer) >> 20 or None) if answer.isdecimal() else None


def refuse_more_than(host: int | None, nexus: ManagedNexus, nginx: NginxSettings, tls: TlsSettings) -> None:
    """Refuses limits above the host's memory in MiB: the kernel would kill Nexus in the middle of a write.

    Raises:
        Refusal: nexus.memory and the limits of the other containers exceed the host's memory.
    """
    if host is None:
        pulumi.log.warn("the docker engine does not report the memory of its host, so nexus.memory cannot be checked")
        return
    others = {"nginx": mebibytes(nginx.memory), **tls.containers}
    most = host - sum(others.values())
    if mebibytes(nexus.memory) > most:
        taken = " and ".join(f"{name} takes {size}m" for name, size in others.items())
        raise Refusal(
            [
                Problem(
                    "nexus.memory",
                    "more than the docker host can give",
                    f"at most {most}m, since the docker host has {host}m, {taken}",
                    f"pulumi config set --path nexus.memory {most}m, or use a larger host",
                    got=repr(nexus.memory),
                )
            ]
        )
