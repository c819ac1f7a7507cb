"""The Nexus of a stack that is up, spoken to as the program speaks to it."""

import json
from collections.abc import Mapping

from cli.errors import CommandError
from cli.process import run
from cli.stack.stack import Stack
from exports import state
from nexus.http.client import NexusClient


def client_of(stack: Stack, environment: Mapping[str, str]) -> NexusClient:
    """With the administrator's password out of the state, which is decrypted in memory alone.

    Raises:
        CommandError: the stack has no server yet, or Pulumi refuses.
    """
    exported = run(["pulumi", "stack", "export", "--stack", stack.name, "--show-secrets"], env=environment)
    if exported.returncode:
        raise CommandError(f"STACK={stack.name}", exported.stderr.strip().removeprefix("error: "))
    try:
        return NexusClient(state.connection(json.loads(exported.stdout)))
    except ValueError:
        raise CommandError(f"STACK={stack.name}", "it has no Nexus yet", fix=f"make up STACK={stack.name}") from None
