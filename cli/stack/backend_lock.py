"""Explains a locked backend: Pulumi names the lock's file, but not the command that removes it."""

import re

from cli.stack.stack import Stack
from nexus.problem import Problem

_LOCKED = "the stack is currently locked by"
_HOLDER = re.compile(r": created by (.+) \(pid (\d+)\) at (\S+)$", re.MULTILINE)


def locked(stack: Stack, output: str) -> list[str]:
    """A line for each holder, if Pulumi failed because of a lock; otherwise empty."""
    if _LOCKED not in output:
        return []
    return [
        str(
            Problem(
                f"stack {stack.name}",
                f"it is locked in its backend by {who} (process {process}, since {since})",
                "",
                f"wait for it; if that command was killed: ./store pulumi cancel --yes --stack {stack.name} "
                "(docs/locked-state.md)",
            )
        )
        for who, process, since in _HOLDER.findall(output)
    ]
