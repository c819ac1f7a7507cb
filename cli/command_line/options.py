"""The options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from cli.paths import given
from nexus.advice import name_stack

AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def _named(stack: str) -> str:
    name_stack(stack)
    return stack


Stack = Annotated[str, typer.Option("--stack", "-s", envvar="STACK", callback=_named, help="The stack to work on.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show Pulumi's own output.")]
Wait = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Wait while another command works on the stack, or fail at once.")
]
Plan = Annotated[
    str, typer.Option("--plan", help="Apply no more than this update plan, a file of preview-report --plan.")
]


def path(text: str) -> Path | None:
    """The file that an option names; None for an option that is not given."""
    return given(text) if text else None
