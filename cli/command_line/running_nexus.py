from typing import Annotated

import typer

from cli.command_line.options import Stack

commands = typer.Typer()
_PANEL = "A running Nexus"


@commands.command(rich_help_panel=_PANEL)
def export(url: Annotated[str, typer.Argument(help="https://HOST[:PORT]")] = "") -> None:
    """Print the topology of a running Nexus for stacks/topology.yaml; reads the password from NEXUS_PASSWORD."""
    from cli.commands.outputs import export

    export(url)


@commands.command(rich_help_panel=_PANEL)
def report(
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY]...", help="Only these, like 'repositories.legacy-*'.")
    ] = None,
    stack: Stack = "local",
    as_yaml: Annotated[
        bool, typer.Option("--as-yaml", help="Print what to add to the topology to take them over.")
    ] = False,
) -> None:
    """List the objects that are on the server but not in the stack."""
    from cli.commands.outputs import report

    report(stack, keys or [], as_yaml=as_yaml)
