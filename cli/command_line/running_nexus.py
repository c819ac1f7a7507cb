from typing import Annotated

import typer

from cli.command_line.options import Stack, Wait, path

commands = typer.Typer()
_PANEL = "A running Nexus"


@commands.command(rich_help_panel=_PANEL)
def adopt(
    url: Annotated[str, typer.Argument(help="https://HOST[:PORT][/PATH]")] = "",
    stack: Annotated[
        str, typer.Option("--stack", "-s", help="The new stack's name; by default the first word of the host's.")
    ] = "",
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="SHA-256 of the CA to trust, which is not asked about then.")
    ] = "",
    names: Annotated[
        str, typer.Option("--names", help="A file of `terraform state pull`: declare only what Terraform manages.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask; an unknown CA then needs --fingerprint.")
    ] = False,
    wait: Wait = True,
) -> None:
    """Make the stack of a Nexus that is already there; reads the password from NEXUS_PASSWORD, or asks for it."""
    from cli.commands.adopt import Options, adopt

    adopt(url, Options(stack, fingerprint, path(names), yes, wait))


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
