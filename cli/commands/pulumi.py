"""./store pulumi ARGUMENTS...: Pulumi itself, with the stack's backend and passphrase."""

import os
from collections.abc import Sequence
from typing import NoReturn

from cli.paths import ROOT
from cli.stack.environment import stack_environment
from cli.stack.stack import DEFAULT, Stack
from policy.without_store import PACK


def selected(arguments: Sequence[str]) -> str:
    """The stack named by --stack, -s or `stack init NAME`; else by STACK in the environment; else the local one."""
    for index, argument in enumerate(arguments):
        if argument in ("--stack", "-s") and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith("--stack="):
            return argument.removeprefix("--stack=")
        if argument == "--":
            break
    if list(arguments[:1]) == ["stack"] and list(arguments[1:2]) in (["init"], ["select"], ["rm"]):
        named = [argument for argument in arguments[2:3] if not argument.startswith("-")]
        if named:
            return named[0]
    return os.environ.get("STACK") or DEFAULT


def pulumi(arguments: Sequence[str]) -> NoReturn:
    """Replaces this process with Pulumi."""
    stack = Stack(selected(arguments))
    environment = stack_environment(stack)
    if not stack.is_own and "--policy-pack" not in arguments:
        del environment[PACK]
    if stack.is_own:
        os.umask(0o077)  # only the owner may read the state, its history and the stack file
    os.chdir(ROOT)
    os.execvpe("pulumi", ["pulumi", *arguments], environment)  # noqa: S606
