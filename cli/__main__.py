"""./store COMMAND: the command line of the repository store. One thin function for each command."""

import sys

import typer

from cli.errors import CommandError, Ended

app = typer.Typer(
    name="store",
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.callback()
def store() -> None:
    """One place for a team's artifacts, as code."""


@app.command()
def develop() -> None:
    """Install what the checks and the tests need into .venv."""


@app.command(context_settings=_AS_GIVEN, add_help_option=False)
def pulumi(context: typer.Context) -> None:
    """Run Pulumi itself on a stack: ./store pulumi config set --stack local --path KEY VALUE."""
    from cli.commands.pulumi import pulumi

    pulumi(context.args)


def main() -> None:
    """Runs the command line; every failure that the user can fix is one line."""
    try:
        app()
    except CommandError as error:
        print(error, file=sys.stderr)
        sys.exit(error.code)
    except Ended as ended:
        sys.exit(ended.code)


if __name__ == "__main__":
    main()
