"""The licence agreement of Nexus: `up` asks for it in a terminal, and prints the command that accepts it elsewhere."""

import sys
from collections.abc import Mapping

from cli.console import say
from cli.errors import CommandError
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from nexus.agreement import LINK, missing
from nexus.errors import NexusError
from nexus.problem import Problem

_KEY = "nexus.acceptEula"
REFUSED = "the licence agreement is not accepted, so Nexus refuses content with 403"


def command(stack: str) -> str:
    """What accepts it; only a person may, so nothing but the question of `up` runs this."""
    return f"./store pulumi config set --stack {stack} --path {_KEY} true && make up STACK={stack}"


def text(stack: Stack, environment: Mapping[str, str]) -> str:
    """What has to be accepted, in the server's words; empty if nothing."""
    from cli.stack.server import client_of  # late, since it loads an HTTP client

    try:
        return missing(client_of(stack, environment))
    except (NexusError, CommandError):
        return LINK


def ask(stack: Stack, environment: Mapping[str, str], agreement: str) -> bool:
    """Shows the agreement and asks; an answer of yes is written to the stack file."""
    question = "Type yes if you have read it and accept it, or press Enter to go on without: "
    print(f"\n{REFUSED[0].upper()}{REFUSED[1:]}:\n\n    {Problem('', agreement)}\n", file=sys.stderr)
    print(question, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        return False
    pulumi(_KEY, "config", "set", "--stack", stack.name, "--path", _KEY, "true", env=environment)
    return True


def warn(stack: str) -> None:
    allowed = f"true, once you have read {LINK}"
    say(f"warning: {Problem(_KEY, REFUSED, allowed, command(stack), got='false')}")
