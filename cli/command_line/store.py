from typing import Annotated

import typer

from cli.command_line.options import Json, Plan, Server, Stack, Verbose, Wait, Yes, path

commands = typer.Typer()
_PANEL = "The store"


@commands.command(rich_help_panel=_PANEL)
def up(stack: Stack = "local", plan: Plan = "", yes: Yes = False, verbose: Verbose = False, wait: Wait = True) -> None:
    """Apply the stack file, and undo changes by hand. Creates a stack of this machine on first use."""
    from cli.commands.up import Options, up

    up(stack, Options(yes=yes, plan=path(plan), verbose=verbose, wait=wait))


@commands.command(rich_help_panel=_PANEL)
def preview(
    stack: Stack = "local", verbose: Verbose = False, as_json: Json = False, server: Server = True, wait: Wait = True
) -> None:
    """Show what up would change, and what was changed by hand."""
    from cli.commands.preview import preview

    preview(stack, verbose=verbose, as_json=as_json, server=server, wait=wait)


@commands.command(rich_help_panel=_PANEL)
def outputs(
    stack: Stack = "local", secrets: Annotated[bool, typer.Option("--secrets", help="Show passwords too.")] = False
) -> None:
    """Print the stack's outputs as JSON."""
    from cli.commands.outputs import outputs

    outputs(stack, secrets=secrets)


@commands.command(rich_help_panel=_PANEL)
def down(stack: Stack = "local", yes: Yes = False, verbose: Verbose = False, wait: Wait = True) -> None:
    """Remove everything in the stack except what its file retains."""
    from cli.commands.down import down

    down(stack, yes=yes, verbose=verbose, wait=wait)


@commands.command("new-stack", rich_help_panel=_PANEL)
def new_stack(
    name: Annotated[str, typer.Argument(help="The new stack's name.")] = "",
    pairs: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting that differs from the template; may be repeated."),
    ] = None,
    wait: Wait = True,
) -> None:
    """Create another stack of this machine, with generated passwords."""
    from cli.commands.new_stack import new_stack

    new_stack(name, pairs or [], wait=wait)


@commands.command(rich_help_panel=_PANEL)
def trust(stack: Stack = "local", remove: Annotated[bool, typer.Option("--remove", help="Undo it.")] = False) -> None:
    """Make this machine resolve the store's name and trust its certificate; needs root."""
    from cli.commands import trust

    trust.forget(stack) if remove else trust.apply(stack)


@commands.command(rich_help_panel=_PANEL)
def doctor(stack: Stack = "local", as_json: Json = False) -> None:
    """Check this machine and the stack, and print the command that fixes each problem."""
    from cli.commands.doctor import doctor

    doctor(stack, as_json=as_json)


@commands.command(rich_help_panel=_PANEL)
def rotate(
    stack: Stack = "local",
    only: Annotated[
        str,
        typer.Option(
            "--only", metavar="PART", help="Only passphrase, passwords, encryption-key, certificate or tokens."
        ),
    ] = "",
    yes: Yes = False,
    wait: Wait = True,
) -> None:
    """Draw the secrets of a stack again, as after a leak, and say who has to be told."""
    from cli.commands.rotate import rotate

    rotate(stack, only, yes=yes, wait=wait)
