"""What was under way when an update was killed, as Pulumi has noted it in the state."""

from collections.abc import Mapping
from pathlib import Path

from cli.console import say
from cli.recovery.state import State, write_state
from cli.stack.stack import Stack


def resolve(stack: Stack, state: State, environment: Mapping[str, str], folder: Path) -> State:
    """The state without them, written, after a line that names them; Pulumi would warn of them for ever.

    What was being made is either a leftover on the engine, which is taken away, or an object on the server, which the
    next create takes over. What was being changed or removed is found out by the refresh.

    Raises:
        CommandError: Pulumi refuses the state.
    """
    if not state.pending:
        return state
    say(f"stack {stack.name}: {state.interruption}; going on from there")
    deployment = {key: value for key, value in state.document["deployment"].items() if key != "pending_operations"}
    document = {**state.document, "deployment": deployment}
    write_state(stack, environment, document, folder)
    return State(document)
