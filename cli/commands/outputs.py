"""./store outputs, jenkins, report and export: what is read from a deployed stack, or from a running Nexus."""

import json
from collections.abc import Sequence

from cli.errors import CommandError
from cli.paths import given
from cli.process import module
from cli.stack import checkpoint, creation, known
from cli.stack import outputs as stack_outputs
from cli.stack.environment import stack_environment
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack


def outputs(name: str, *, secrets: bool = False) -> None:
    """Prints the outputs as JSON; secrets are masked unless asked for."""
    print(json.dumps(stack_outputs.outputs(*readable(name), secrets=secrets), indent=2))


def jenkins(name: str, folder: str = "") -> None:
    """Writes the files that Jenkins and its builds need, from the outputs alone."""
    values = stack_outputs.outputs(*readable(name))
    module("jenkins", str(given(folder)) if folder else f"build/jenkins/{name}", text=json.dumps(values))


def report(name: str, keys: Sequence[str] = (), *, as_yaml: bool = False) -> None:
    """Prints the objects that are on the server but not in the stack, or what to declare to take them over."""
    _, environment = readable(name)
    exported = pulumi(f"STACK={name}", "stack", "export", "--stack", name, "--show-secrets", env=environment)
    options = ["--as-yaml"] if as_yaml else []
    module("exports", "report", *options, *keys, text=exported, env=environment)


def export(url: str) -> None:
    """Prints the topology of a running Nexus for stacks/topology.yaml; the password comes from NEXUS_PASSWORD."""
    module("exports", "export", url)


def readable(name: str) -> tuple[Stack, dict[str, str]]:
    """A stack whose state can be read, with Pulumi's environment for it.

    Raises:
        CommandError: the stack does not exist.
    """
    stack = Stack(name)
    if stack.is_own:
        if not creation.is_made(stack):
            raise CommandError(f"STACK={name}", "it does not exist yet", fix=f"make up STACK={name}")
        checkpoint.repair(stack)
        return stack, stack_environment(stack)
    known.require_file(stack)
    environment = stack_environment(stack)
    known.require_state(stack, environment)
    return stack, environment
