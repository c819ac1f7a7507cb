"""The Nexus of a stack that is up, spoken to as the program speaks to it."""

import json
from collections.abc import Mapping

from cli.errors import CommandError
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from exports import state
from nexus.http.client import NexusClient


def client_of(stack: Stack, environment: Mapping[str, str]) -> NexusClient:
    """With the administrator's password out of the state, which is decrypted in memory alone.

    Raises:
        CommandError: the stack has no server yet, or Pulumi refuses.
    """
    key = f"STACK={stack.name}"
    exported = json.loads(pulumi(key, "stack", "export", "--stack", stack.name, "--show-secrets", env=environment))
    try:
        return NexusClient(state.connection(exported))
    except ValueError:
        raise CommandError(key, "it has no Nexus yet", fix=f"make up STACK={stack.name}") from None
