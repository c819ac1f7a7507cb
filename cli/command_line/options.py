"""The options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from cli.paths import STACK_FILES, given
from nexus.advice import name_stack

AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


COMPLETION = "_STORE_COMPLETE"
"""The variable in which a shell asks for completions."""


def _stacks() -> list[str]:
    return sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in STACK_FILES.glob("Pulumi.*.yaml"))


def _named(stack: str) -> str:
    name_stack(stack)
    return stack


Stack = Annotated[
    str,
    typer.Option(
        "--stack", "-s", envvar="STACK", callback=_named, autocompletion=_stacks, help="The stack to work on."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON (docs/json.md).")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show Pulumi's own output.")]
Wait = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Wait while another command works on the stack, or fail at once.")
]
Server = Annotated[
    bool,
    typer.Option("--server/--without-server", help="Ask the server what is on it, or compare with the last up only."),
]
Plan = Annotated[
    str, typer.Option("--plan", help="Apply no more than this update plan, a file of preview-report --plan.")
]


def path(text: str) -> Path | None:
    """The file that an option names; None for an option that is not given."""
    return given(text) if text else None
