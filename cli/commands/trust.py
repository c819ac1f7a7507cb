"""./store trust: what of a store needs root on this machine."""

from collections.abc import Mapping
from typing import Any

from cli.console import say
from cli.errors import CommandError
from cli.stack import outputs, trust
from cli.stack.environment import stack_environment
from cli.stack.stack import Stack


def trust_this_machine(stack: Stack, values: Mapping[str, Any]) -> None:
    """After an `up`: lets this machine reach and trust the store, or prints the command for root."""
    reach = trust.Reach.of(stack, values)
    reach.note(stack)
    missing, stale = reach.missing(stack), reach.stale(stack)
    if trust.may_write():
        if missing or stale:
            reach.apply(stack)
            _say_what_builds_need(stack, reach)
        return
    if missing:
        say(f"to reach and trust the store from this machine ({', '.join(missing)} needs root): {_command(stack)}")
    if stale:
        say(f"{', '.join(stale)}: this is of an earlier name, port or address; {_command(stack)} removes it")


def apply(name: str) -> None:
    """Does what the last `up` printed.

    Raises:
        CommandError: this is not root, or the stack is not up.
    """
    stack = Stack(name)
    if not trust.may_write():
        raise CommandError("trust", "only root may write to /etc", fix=_command(stack))
    reach = trust.Reach.recorded(stack)
    if reach is None:
        values = outputs.outputs(stack, stack_environment(stack))
        if "url" not in values:
            raise CommandError(f"STACK={name}", "it is not up", fix=f"make up STACK={name}")
        reach = trust.Reach.of(stack, values)
        reach.check()
    reach.apply(stack)
    say(f"this machine reaches {reach.host} and trusts it")
    _say_what_builds_need(stack, reach)


def forget(name: str) -> None:
    """Undoes it.

    Raises:
        CommandError: this is not root, and there is something to undo.
    """
    stack = Stack(name)
    if trust.left(stack) and not trust.may_write():
        raise CommandError("trust", "only root may write to /etc", fix=f"{_command(stack)} --remove")
    trust.remove(stack)


def forget_after_down(stack: Stack) -> None:
    """The same after a `down` that has succeeded."""
    files = trust.left(stack)
    if files and not trust.may_write():
        say(f"{', '.join(map(str, files))} still name the store, which needs root: {_command(stack)} --remove")
        return
    trust.remove(stack)


def _say_what_builds_need(stack: Stack, reach: trust.Reach) -> None:
    if hint := reach.hint_for_builds(stack):
        say(hint)


def _command(stack: Stack) -> str:
    return f"sudo ./store trust --stack {stack.name}"
