"""Asks a person before something is lost for good."""

import sys

from cli.errors import CommandError


def confirm(command: str, stack: str, what: str) -> None:
    """Has a person type the name of the stack; `what` says what happens then.

    Raises:
        CommandError: there is no terminal to ask at, or the answer is another one; the key is the command's.
    """
    if not sys.stdin.isatty():
        raise CommandError("YES", what, fix="the same command with YES=1")
    print(f"{what[0].upper()}{what[1:]}. Type the name of the stack to go on: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != stack:
        raise CommandError(command, "nothing was changed")
