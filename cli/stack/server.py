"""An API client for the Nexus of a deployed stack."""

import json
from collections.abc import Mapping

from cli.errors import CommandError
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from exports import state
from nexus.http.client import NexusClient


def client_of(stack: Stack, environment: Mapping[str, str]) -> NexusClient:
    """A client with the administrator's password from the state, which is decrypted only in memory.

    Raises:
        CommandError: the stack has no server yet, or Pulumi fails.
    """
    key = f"STACK={stack.name}"
    exported = json.loads(pulumi(key, "stack", "export", "--stack", stack.name, "--show-secrets", env=environment))
    try:
        return NexusClient(state.connection(exported))
    except ValueError:
        raise CommandError(key, "it has no Nexus yet", fix=f"make up STACK={stack.name}") from None
