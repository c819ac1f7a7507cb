"""A stack's state, as Pulumi exports it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cli.console import say
from cli.stack import checkpoint
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from preflight.engine_objects import Kind
from preflight.state_id import state_id_in

_VERSION = 3  # of Pulumi's deployments, the same in its file and its export
_TYPES = {
    "docker:index/container:Container": Kind.CONTAINER,
    "docker:index/network:Network": Kind.NETWORK,
    "docker:index/volume:Volume": Kind.VOLUME,
}


@dataclass(frozen=True)
class State:
    """The state of a stack."""

    document: Mapping[str, Any]
    """With `version` and `deployment`; secrets in it stay encrypted."""

    @property
    def resources(self) -> list[dict[str, Any]]:
        return list(self._deployment.get("resources") or [])

    @property
    def pending(self) -> list[dict[str, Any]]:
        """The operations that were under way when an update was killed."""
        return list(self._deployment.get("pending_operations") or [])

    @property
    def interruption(self) -> str:
        """The pending operations, as text; empty if there are none."""
        under_way = [f"{each['type']} {str(each['resource']['urn']).rpartition('::')[2]}" for each in self.pending]
        return f"an earlier command was killed in the middle of {', '.join(under_way)}" if under_way else ""

    @cached_property
    def id(self) -> str | None:
        """The id in the labels of its objects on the engine; None before the first `up`."""
        return state_id_in(self.resources)

    @cached_property
    def engine_ids(self) -> frozenset[str]:
        """The engine's ids of its containers and networks, and the names of its volumes."""
        return frozenset(str(resource.get("id")) for resource in self._of_engine())

    def of(self, kind: Kind) -> list[dict[str, Any]]:
        """The resources of the kind on the engine."""
        return [resource for resource in self._of_engine() if _TYPES[resource["type"]] is kind]

    def _of_engine(self) -> Iterator[dict[str, Any]]:
        return (resource for resource in self.resources if resource["type"] in _TYPES)

    @property
    def _deployment(self) -> Mapping[str, Any]:
        return self.document.get("deployment") or {}


def read_state(stack: Stack, environment: Mapping[str, str]) -> State:
    """Reads the state: for a stack of this machine from its file, for any other by `pulumi stack export`.

    Raises:
        CommandError: Pulumi cannot read it; the message has its reason.
    """
    if stack.is_own and (file := checkpoint.file_of(stack)):
        latest = checkpoint.content(file).get("latest")
        return State({"version": _VERSION, "deployment": latest or {}})
    return State(json.loads(pulumi(f"stack {stack.name}", "stack", "export", "--stack", stack.name, env=environment)))


def write_state(stack: Stack, environment: Mapping[str, str], document: Mapping[str, Any], folder: Path) -> None:
    """Replaces the state with the document, by a temporary file in `folder`.

    Raises:
        CommandError: Pulumi refuses it, and the state is unchanged; the message has Pulumi's reason.
    """
    file = folder / f"{stack.name}.state.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    try:
        pulumi(f"stack {stack.name}", "stack", "import", "--stack", stack.name, "--file", file, env=environment)
    finally:
        file.unlink()


def resolve_pending(stack: Stack, state: State, environment: Mapping[str, str], folder: Path) -> State:
    """Prints the pending operations, and writes and returns the state without them; Pulumi would warn of them forever.

    An interrupted create is either a leftover on the engine, which is removed, or an object on the server, which the
    next create takes over. The refresh finds out about interrupted updates and deletes.

    Raises:
        CommandError: Pulumi refuses the state.
    """
    if not state.pending:
        return state
    say(f"stack {stack.name}: {state.interruption}; continuing from there")
    deployment = {key: value for key, value in state.document["deployment"].items() if key != "pending_operations"}
    document = {**state.document, "deployment": deployment}
    write_state(stack, environment, document, folder)
    return State(document)
