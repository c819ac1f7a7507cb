"""The outputs of a stack, from its state."""

import json
from collections.abc import Mapping
from typing import Any

from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack


def outputs(stack: Stack, environment: Mapping[str, str], *, secrets: bool = False) -> dict[str, Any]:
    """The outputs; secrets are masked unless asked for.

    Raises:
        CommandError: Pulumi fails; the message has its reason.
    """
    command = ["stack", "output", "--stack", stack.name, "--json", "--non-interactive"]
    shown = ["--show-secrets"] if secrets else []
    found: dict[str, Any] = json.loads(pulumi(f"STACK={stack.name}", *command, *shown, env=environment))
    return found
