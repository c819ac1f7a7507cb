"""The containers, networks and volumes that an engine has under the names of a stack."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from preflight.engine_answer import required_answer
from preflight.state_id import LABEL
from stacks import layout


class Kind(StrEnum):
    """The values are docker's own words, as in `docker network ls`."""

    CONTAINER = "container"
    NETWORK = "network"
    VOLUME = "volume"


ROLES: Mapping[Kind, tuple[str, ...]] = {
    Kind.CONTAINER: (layout.NEXUS, layout.NGINX, layout.ACME),
    Kind.NETWORK: ("network",),
    Kind.VOLUME: layout.VOLUMES,
}
"""What a stack may have on its engine. A kind's roles are in the order in which they are removed."""


@dataclass(frozen=True)
class EngineObject:
    """A container, network or volume."""

    kind: Kind
    role: str
    name: str
    id: str
    """The engine's full id; for a volume, its name."""
    state_id: str = ""
    """The value of the label; empty on objects that are older than the label or were made by hand."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def engine_objects(environment: Mapping[str, str], prefix: str) -> list[EngineObject]:
    """The objects with names of the stack on the environment's engine.

    The prefix is what comes before the role, like `repository-store-local-`. Other names with the prefix are left out.

    Raises:
        Unanswered: the engine does not list them; somebody else's may be among them.
    """
    return [
        found
        for kind, roles in ROLES.items()
        for found in _listed(environment, kind, {f"{prefix}{role}": role for role in roles})
    ]


def _listed(environment: Mapping[str, str], kind: Kind, roles: Mapping[str, str]) -> list[EngineObject]:
    every = ("--all",) if kind is Kind.CONTAINER else ()
    whole = () if kind is Kind.VOLUME else ("--no-trunc",)
    answer = required_answer(environment, kind, "ls", *every, *whole, "--format", _FORMATS[kind])
    rows = [json.loads(f"[{line}]") for line in answer.splitlines()]
    return [EngineObject(kind, roles[name], name, id_, label) for name, id_, label in rows if name in roles]


def _format(name: str, id_: str) -> str:
    return ",".join(f"{{{{json {field}}}}}" for field in (name, id_, f'(.Label "{LABEL}")'))


_FORMATS = {
    Kind.CONTAINER: _format(".Names", ".ID"),
    Kind.NETWORK: _format(".Name", ".ID"),
    Kind.VOLUME: _format(".Name", ".Name"),
}
