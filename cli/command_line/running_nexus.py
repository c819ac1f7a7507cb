from typing import Annotated

import typer

from cli.command_line.options import Stack

commands = typer.Typer()
_PANEL = "A Nexus that runs"


@commands.command(rich_help_panel=_PANEL)
def export(url: Annotated[str, typer.Argument(help="https://HOST[:PORT]")] = "") -> None:
    """Print the topology of a running Nexus for stacks/topology.yaml; NEXUS_PASSWORD is in the environment."""
    from cli.commands.export import export

    export(url)


@commands.command(rich_help_panel=_PANEL)
def report(stack: Stack = "local") -> None:
    """List what is on the server and not in the stack."""
    from cli.commands.outputs import report

    report(stack)
