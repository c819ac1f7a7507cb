"""./store trust: the changes on this machine that need root."""

from collections.abc import Mapping
from typing import Any

from cli.console import say
from cli.errors import CommandError
from cli.stack import outputs, trust
from cli.stack.environment import stack_environment
from cli.stack.stack import Stack


def trust_this_machine(stack: Stack, values: Mapping[str, Any]) -> None:
    """After an `up`: makes this machine reach and trust the store, or prints the command for root."""
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
        say(f"left from an earlier name, port or address: {', '.join(stale)}; {_command(stack)} removes it")


def apply(name: str) -> None:
    """Applies what the last `up` left to root.

    Raises:
        CommandError: this is not root, or the stack is not deployed.
    """
    stack = Stack(name)
    if not trust.may_write():
        raise CommandError("trust", "only root may write to /etc", fix=_command(stack))
    reach = trust.Reach.recorded(stack)
    if reach is None:
        values = outputs.outputs(stack, stack_environment(stack))
        if "url" not in values:
            raise CommandError(f"STACK={name}", "it is not deployed", fix=f"make up STACK={name}")
        reach = trust.Reach.of(stack, values)
        reach.check()
    reach.apply(stack)
    say(f"this machine reaches {reach.host} and trusts it")
    _say_what_builds_need(stack, reach)


def forget(name: str) -> None:
    """Undoes `apply`.

    Raises:
        CommandError: this is not root, and there is something to undo.
    """
    stack = Stack(name)
    if trust.left(stack) and not trust.may_write():
        raise CommandError("trust", "only root may write to /etc", fix=f"{_command(stack)} --remove")
    trust.remove(stack)


def forget_after_down(stack: Stack) -> None:
    """The same after a successful `down`."""
    files = trust.left(stack)
    if files and not trust.may_write():
        say(f"{', '.join(map(str, files))} still name the store; only root may change them: {_command(stack)} --remove")
        return
    trust.remove(stack)


def _say_what_builds_need(stack: Stack, reach: trust.Reach) -> None:
    if hint := reach.hint_for_builds(stack):
        say(hint)


def _command(stack: Stack) -> str:
    return f"sudo ./store trust --stack {stack.name}"
