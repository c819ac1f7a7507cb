"""./store COMMAND: the command line of the repository store."""

import sys
import tomllib
from typing import Annotated

import typer
from typer._completion_classes import completion_init

from cli.command_line import data, pipelines, running_nexus, store, tools
from cli.command_line.options import COMPLETION
from cli.errors import CommandError, Ended
from cli.paths import ROOT
from cli.process import Interrupted, end_on_signals

app = typer.Typer(
    name="store",
    help="One safe place for a team's artifacts, as code. make TARGET STACK=NAME runs ./store TARGET --stack NAME.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        print(f"{project['name']} {project['version']}")
        raise typer.Exit


@app.callback()
def _every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The options of ./store itself."""


for group in (store, data, pipelines, running_nexus, tools):
    app.add_typer(group.commands)


def main() -> None:
    """Runs the command line; a failure that the user can fix is printed as one line."""
    end_on_signals()
    completion_init()
    try:
        app(prog_name="./store", complete_var=COMPLETION)
    except CommandError as error:
        print(error, file=sys.stderr)
        sys.exit(error.code)
    except Ended as ended:
        sys.exit(ended.code)
    except Interrupted as interrupted:
        sys.exit(interrupted.code)
    except OSError as error:
        print(f"{error.filename or 'store'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
