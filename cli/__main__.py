"""./store COMMAND: the command line of the repository store."""

import sys

import typer

from cli.command_line import data, pipelines, running_nexus, store, tools
from cli.errors import CommandError, Ended
from cli.process import Interrupted, end_on_signals

app = typer.Typer(
    name="store",
    help="One safe place for a team's artifacts, as code. make TARGET STACK=NAME runs ./store TARGET --stack NAME.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (store, data, pipelines, running_nexus, tools):
    app.add_typer(group.commands)


def main() -> None:
    """Runs the command line; a failure that the user can fix is printed as one line."""
    end_on_signals()
    try:
        app(prog_name="./store")
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
