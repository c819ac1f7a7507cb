"""Reads from a stack's state how to connect to its server and which objects the stack manages."""

import json
from collections.abc import Mapping
from typing import Any

from nexus.http.connection import Connection
from stacks.layout import NEXUS_PROVIDER, NEXUS_TYPES

_PLAINTEXT = "plaintext"


def connection(state: Mapping[str, Any]) -> Connection:
    """The connection of the stack's provider; the state must have been exported with its secrets.

    Raises:
        ValueError: the stack has no server.
    """
    inputs = provider_inputs(state)
    if not inputs:
        raise ValueError("the stack has no Nexus yet: run `make up` first")
    return Connection.configured(inputs.get)


def allowed_losses(state: Mapping[str, Any]) -> list[str]:
    """The repositories whose content the last `up` was allowed to lose."""
    return [name for name in str(provider_inputs(state).get("allowDataLoss") or "").split(",") if name]


def objects_of(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The outputs of every object of the stack."""
    return [each["outputs"] for each in _resources(state) if each["type"].startswith(NEXUS_TYPES) and "outputs" in each]


def provider_inputs(state: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of the stack's provider; empty if there is none yet."""
    for resource in _resources(state):
        if resource["type"] == NEXUS_PROVIDER and any(key.endswith(":url") for key in resource.get("inputs", {})):
            return {key.rpartition(":")[2]: plain(value) for key, value in resource["inputs"].items()}
    return {}


def managed(state: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Kind and name of every object of the stack, and kind and server id of those without a name on the server."""
    found = set()
    for resource in _resources(state):
        outputs = resource.get("outputs", {})
        if resource["type"].startswith(NEXUS_TYPES):
            found.add((outputs["kind"], outputs["name"]))
            if "serverId" in outputs:
                found.add((outputs["kind"], outputs["serverId"]))
    return frozenset(found)


def _resources(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((state.get("deployment") or {}).get("resources") or [])


def plain(value: Any) -> Any:
    """An export with `--show-secrets`, with the secrets themselves: in it a secret is an object that holds its JSON."""
    if isinstance(value, Mapping):
        if _PLAINTEXT in value:
            return json.loads(value[_PLAINTEXT])
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, list) else value
