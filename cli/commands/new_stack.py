"""./store new-stack: another stack of this machine."""

from collections.abc import Sequence

from cli.console import say
from cli.machine.engine import ensure_engine
from cli.stack import creation, killed_pulumi
from cli.stack.lock import StackLock
from cli.stack.stack import DEFAULT, Stack


def new_stack(name: str, pairs: Sequence[str], *, wait: bool = True) -> None:
    """Creates the stack, or adds missing passwords and the settings of `pairs` to an existing one.

    Raises:
        CommandError: the name or a pair is wrong, or a step failed.
    """
    creation.check(name, pairs)
    stack = Stack(name)
    with StackLock(stack, "new-stack", wait=wait, own=True):
        killed_pulumi.release(stack)
        wanted = creation.wanted(stack, pairs)
        if wanted.chooses_address:
            ensure_engine(None)
        creation.make(stack, wanted)
    if wanted.is_external:
        say(
            "set the administrator's password of that Nexus, on standard input: "
            f"./store pulumi config set --stack {name} --secret --path passwords.admin"
        )
    if name != DEFAULT:
        say(f"next: make up STACK={name}")
