"""What a stack's state says: how its server is reached and which objects are its own."""

import json
from collections.abc import Mapping
from typing import Any

from nexus.http.connection import Connection

PROVIDER = "pulumi:providers:pulumi-python"


def connection(state: Mapping[str, Any]) -> Connection:
    """The connection of the stack's provider; the state must have been exported with its secrets.

    Raises:
        ValueError: the stack has no server.
    """
    for resource in _resources(state):
        if resource["type"] == PROVIDER and any(key.endswith(":url") for key in resource.get("inputs", {})):
            inputs = {key.rpartition(":")[2]: _plain(value) for key, value in resource["inputs"].items()}
            return Connection.configured(inputs.get)
    raise ValueError("the stack has no Nexus yet: run `make up` first")


def managed(state: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Kind and name of every object of the stack; for what has no name on the server, its id there."""
    found = set()
    for resource in _resources(state):
        outputs = resource.get("outputs", {})
        if ":dynamic/nexus:" in resource["type"]:
            found.add((outputs["kind"], outputs["name"]))
            if "serverId" in outputs:
                found.add((outputs["kind"], outputs["serverId"]))
    return frozenset(found)


def _resources(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((state.get("deployment") or {}).get("resources") or [])


def _plain(value: Any) -> Any:
    """A secret in an export with secrets is an object with its JSON."""
    if isinstance(value, Mapping) and "plaintext" in value:
        return json.loads(value["plaintext"])
    return value
