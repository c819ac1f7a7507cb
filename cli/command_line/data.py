from typing import Annotated

import typer

from cli.command_line.options import Json, Stack, Wait, Yes

commands = typer.Typer()
_PANEL = "Data"


@commands.command(rich_help_panel=_PANEL)
def backup(
    stack: Stack = "local",
    verify: Annotated[
        bool, typer.Option("--verify", help="Make none, but compare a snapshot with its checksums.")
    ] = False,
    snapshot: Annotated[str, typer.Option("--from", help="With --verify: its name; by default the newest.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Read every file again, and share none with others.")] = False,
    wait: Wait = True,
) -> None:
    """Save a snapshot of the data volume to backup.location of the stack file."""
    from cli.commands import backup

    if verify:
        backup.verify(stack, snapshot, wait=wait)
    else:
        backup.backup(stack, full=full, wait=wait)


@commands.command(rich_help_panel=_PANEL)
def restore(
    stack: Stack = "local",
    snapshot: Annotated[str, typer.Option("--from", help="The snapshot's name; leave it out to list them.")] = "",
    other_store: Annotated[
        bool, typer.Option("--from-other-store", help="Restore it although another store has made it.")
    ] = False,
    yes: Yes = False,
    wait: Wait = True,
) -> None:
    """Replace the content of the data volume with a snapshot."""
    from cli.commands.restore import restore

    restore(stack, snapshot, other_store=other_store, yes=yes, wait=wait)


@commands.command(rich_help_panel=_PANEL)
def storage(
    stack: Stack = "local",
    clean: Annotated[bool, typer.Option("--clean", help="Also run the tasks that free space.")] = False,
    yes: Yes = False,
    as_json: Json = False,
    wait: Wait = True,
) -> None:
    """Show what blob stores and repositories hold, how they grow, and what a compaction would free."""
    from cli.commands.storage import storage

    storage(stack, clean=clean, yes=yes, as_json=as_json, wait=wait)


@commands.command(rich_help_panel=_PANEL)
def limits(stack: Stack = "local", as_json: Json = False) -> None:
    """Show how much of the Community Edition's limits is used, how much is left, and when they will be reached."""
    from cli.commands.limits import limits

    limits(stack, as_json=as_json)


@commands.command(rich_help_panel=_PANEL)
def audit(
    stack: Stack = "local",
    days: Annotated[int, typer.Option("--days", min=1, max=91, help="How many days back.")] = 1,
    user: Annotated[str, typer.Option("--user", help="Only what this user did.")] = "",
    about: Annotated[str, typer.Option("--about", help="Only this domain: security, repository, blobstore, ...")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the lines as Nexus wrote them.")] = False,
) -> None:
    """Show who changed what on the server, from Nexus's own audit log."""
    from cli.commands.audit import audit

    audit(stack, days=days, user=user, about=about, as_json=as_json)
