"""Commands in what is said to a person, as they can be pasted."""

import os
import re

_STACK = "REPOSITORY_STORE_STACK"
"""Set by ./store, without which Pulumi need not be on PATH, nor know where the stack's state is."""
_COMMAND = re.compile(r"\bpulumi config (set|rm)\b(?! --stack)")


def pasteable(text: str, selected: str = "") -> str:
    """The text, whose commands name the stack that is run: another one may be selected where they are pasted.

    `selected` is the stack's name where ./store has not started the program.
    """
    stack = os.environ.get(_STACK)
    if stack:
        return _COMMAND.sub(rf"./store pulumi config \1 --stack {stack}", text)
    return _COMMAND.sub(rf"pulumi config \1 --stack {selected}", text) if selected else text
