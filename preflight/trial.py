"""Tries whether the engine starts a container with the stack file's settings, before the running one is removed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexus.problem import Problem
from preflight.engine_answer import engine_answer, engine_complaint

# A busy engine is slow, and what it has not refused by then passes.
_SECONDS = 120
_PREFIX = re.compile(r"^(docker: )?(Error response from daemon: )?")


@dataclass(frozen=True)
class Port:
    """A published TCP port of the docker host."""

    address: str
    external: int
    internal: int


@dataclass(frozen=True)
class Trial:
    """The settings that can keep a container from starting."""

    role: str
    name: str
    user: str
    memory_mib: int
    open_files: int | None = None
    sysctls: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    read_only: bool = False
    command: str = ":"
    """A command for the image's shell, which has to succeed."""


def trial_problem(environment: Mapping[str, str], image: str, trial: Trial) -> Problem | None:
    """The engine's error when it starts such a container, which ends at once; None if there is none.

    Nothing is tried if the settings of the running one are the same. If none runs, none would be lost: then only one
    with ports is tried, since a process of the docker host may have them.
    """
    running = _running(environment, trial.name)
    if _is_like(running, image, trial) if running else not trial.ports:
        return None
    command = _command(running, image, trial, _published_by_containers(environment))
    complaint = engine_complaint(environment, *command, seconds=_SECONDS)
    if not complaint:
        return None
    return Problem(
        trial.role,
        f"the engine cannot start a container with these settings: {_PREFIX.sub('', complaint)}",
        "settings that it can start" + (f", and the container {trial.name} is unchanged" if running else ""),
        f"edit {trial.role} in the stack file",
    )


def _running(environment: Mapping[str, str], name: str) -> dict[str, Any] | None:
    answer = engine_answer(environment, "container", "inspect", name)
    found: dict[str, Any] | None = json.loads(answer)[0] if answer else None
    return found if found and found["State"]["Running"] else None


def _is_like(running: Mapping[str, Any], image: str, trial: Trial) -> bool:
    host = running["HostConfig"]
    limits = {limit["Name"]: limit["Hard"] for limit in host.get("Ulimits") or ()}
    return (
        running["Image"] == image
        and host["Memory"] == trial.memory_mib << 20
        and limits.get("nofile") == trial.open_files
        and (host.get("Sysctls") or {}) == trial.sysctls
        and bool(host.get("ReadonlyRootfs")) == trial.read_only
        and set(trial.ports) <= set(_ports(running))
    )


def _ports(running: Mapping[str, Any]) -> Iterator[Port]:
    for internal, bindings in (running["HostConfig"].get("PortBindings") or {}).items():
        for binding in bindings or ():
            yield Port(binding["HostIp"], int(binding["HostPort"]), int(internal.partition("/")[0]))


def _published_by_containers(environment: Mapping[str, str]) -> frozenset[tuple[str, int]]:
    """The ports of this stack's own containers, under an earlier name too; those of others are refused before."""
    ids = (engine_answer(environment, "ps", "--quiet") or "").split()
    listed = json.loads(engine_answer(environment, "container", "inspect", *ids) or "[]") if ids else []
    return frozenset((port.address, port.external) for each in listed for port in _ports(each))


def _command(
    running: Mapping[str, Any] | None, image: str, trial: Trial, taken: frozenset[tuple[str, int]]
) -> Sequence[str]:
    networks = list(running["NetworkSettings"]["Networks"]) if running else ["bridge"]
    free = [port for port in trial.ports if (port.address, port.external) not in taken]
    return [
        "run",
        "--rm",
        f"--network={networks[0] if networks and free else 'none'}",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges:true",
        f"--user={trial.user}",
        f"--memory={trial.memory_mib}m",
        f"--memory-swap={trial.memory_mib}m",
        *(["--read-only"] if trial.read_only else []),
        *([f"--ulimit=nofile={trial.open_files}:{trial.open_files}"] if trial.open_files else []),
        *(f"--sysctl={name}={value}" for name, value in trial.sysctls.items()),
        *(f"--publish={_address(port.address)}:{port.external}:{port.internal}" for port in free),
        "--entrypoint=sh",
        image,
        "-c",
        trial.command,
    ]


def _address(address: str) -> str:
    return f"[{address}]" if ":" in address else address
