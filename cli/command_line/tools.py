from enum import Enum
from typing import Annotated

import typer
from typer._completion_shared import get_completion_script

from cli.command_line.options import AS_GIVEN, COMPLETION

commands = typer.Typer()
_PANEL = "Tools"


class Shell(Enum):
    """The shells that can complete commands."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@commands.command(rich_help_panel=_PANEL, context_settings=AS_GIVEN, add_help_option=False)
def pulumi(context: typer.Context) -> None:
    """Run Pulumi itself on a stack: ./store pulumi config set --stack local --path KEY VALUE."""
    from cli.commands.pulumi import pulumi

    pulumi(context.args)


@commands.command("stand-in", rich_help_panel=_PANEL)
def stand_in(
    port: Annotated[str, typer.Option("--port", help="The port, on 127.0.0.1.")] = "",
    data: Annotated[str, typer.Option("--data", help="The folder for configuration and content.")] = "",
    generation: Annotated[str, typer.Option("--generation", help="The release of Nexus to imitate.")] = "3.97",
    edition: Annotated[str, typer.Option("--edition", help="COMMUNITY or PRO; by default the release's.")] = "",
    formats: Annotated[str, typer.Option("--formats", help="Only these formats, like maven2,raw,apt.")] = "",
    allow_scripts: Annotated[bool, typer.Option("--allow-scripts", help="Allow scripts to be created.")] = False,
    unreached_blob_stores: Annotated[
        bool, typer.Option("--unreached-blob-stores", help="Accept blob stores in clouds, but never connect to them.")
    ] = False,
) -> None:
    """Run the stand-in for Nexus alone until a signal ends it."""
    from cli.commands.stand_in import stand_in

    options = [
        *(["--edition", edition] if edition else []),
        *(["--formats", formats] if formats else []),
        *(["--allow-scripts"] if allow_scripts else []),
        *(["--unreached-blob-stores"] if unreached_blob_stores else []),
    ]
    stand_in(port, data, generation, options)


@commands.command(rich_help_panel=_PANEL)
def completion(shell: Annotated[Shell, typer.Argument(help="The shell that evaluates the script.")]) -> None:
    """Print the script for completion by TAB: eval "$(./store completion bash)"."""
    script = get_completion_script(prog_name="store", complete_var=COMPLETION, shell=shell.value)
    # Like bash's, the others then ask the file that was typed, which is in no folder of PATH.
    typed = {Shell.ZSH: "${words[1]}", Shell.FISH: "(commandline -opc)[1]"}.get(shell, "store")
    print(script.replace(" store)", f" {typed})").replace(' store"', f' {typed}"'))


@commands.command(rich_help_panel=_PANEL)
def develop() -> None:
    """Install what the checks and the tests need into .venv."""
