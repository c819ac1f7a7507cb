"""The outputs of a stack, as Pulumi has them in its state."""

import json
from collections.abc import Mapping
from typing import Any

from cli.errors import CommandError
from cli.process import run
from cli.stack.stack import Stack


def outputs(stack: Stack, environment: Mapping[str, str], *, secrets: bool = False) -> dict[str, Any]:
    """The outputs; secrets are masked unless asked for.

    Raises:
        CommandError: Pulumi refuses, with its reason.
    """
    command = ["pulumi", "stack", "output", "--stack", stack.name, "--json", "--non-interactive"]
    done = run([*command, *(["--show-secrets"] if secrets else [])], env=environment)
    if done.returncode:
        raise CommandError(f"STACK={stack.name}", done.stderr.strip().removeprefix("error: "))
    found: dict[str, Any] = json.loads(done.stdout)
    return found
