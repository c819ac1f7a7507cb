"""Asks for confirmation before data is lost."""

import sys

from cli.errors import CommandError


def confirm(command: str, stack: str, what: str) -> None:
    """Has the user type the name of the stack; `what` says what will happen.

    Raises:
        CommandError: there is no terminal, or the answer is not that name; the key is the command.
    """
    if not sys.stdin.isatty():
        raise CommandError("YES", what, fix="the same command with YES=1")
    print(f"{what[0].upper()}{what[1:]}. Type the name of the stack to continue: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != stack:
        raise CommandError(command, "nothing was changed")
