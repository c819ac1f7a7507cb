"""./store pulumi ARGUMENTS...: Pulumi itself, with the stack's backend and passphrase."""

import os
from collections.abc import Sequence
from typing import NoReturn

from cli.paths import ROOT
from cli.stack.environment import stack_environment
from cli.stack.stack import DEFAULT, Stack


def selected(arguments: Sequence[str]) -> str:
    """The stack that --stack or -s names; else STACK of the environment, or the local one."""
    for index, argument in enumerate(arguments):
        if argument in ("--stack", "-s") and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith("--stack="):
            return argument.removeprefix("--stack=")
        if argument == "--":
            break
    return os.environ.get("STACK") or DEFAULT


def pulumi(arguments: Sequence[str]) -> NoReturn:
    """Runs Pulumi in this process's place."""
    environment = stack_environment(Stack(selected(arguments)))
    os.chdir(ROOT)
    os.execvpe("pulumi", ["pulumi", *arguments], environment)  # noqa: S606
