"""./store COMMAND: the command line of the repository store. One thin function for each command."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import CommandError, Ended
from cli.paths import given
from cli.process import Interrupted, end_on_signals

app = typer.Typer(
    name="store",
    help="One safe place for a team's artifacts, as code. make TARGET STACK=NAME is ./store TARGET --stack NAME.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

Stack = Annotated[
    str, typer.Option("--stack", "-s", envvar="STACK", help="The stack, by default the one of this machine.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show Pulumi's own output.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait while another command works on the stack, or end.")]
Plan = Annotated[str, typer.Option("--plan", help="The file of an update plan.")]


@app.command(rich_help_panel="The store")
def up(stack: Stack = "local", plan: Plan = "", yes: Yes = False, verbose: Verbose = False, wait: Wait = True) -> None:
    """Apply the stack file, and undo what was changed by hand. A stack of this machine is made on first use."""
    from cli.commands.up import Options, up

    up(stack, Options(yes=yes, plan=_path(plan), verbose=verbose, wait=wait))


@app.command(rich_help_panel="The store")
def preview(stack: Stack = "local", verbose: Verbose = False, wait: Wait = True) -> None:
    """Show what up would do, and what somebody changed by hand."""
    from cli.commands.preview import preview

    preview(stack, verbose=verbose, wait=wait)


@app.command(rich_help_panel="The store")
def outputs(
    stack: Stack = "local", secrets: Annotated[bool, typer.Option("--secrets", help="Passwords too.")] = False
) -> None:
    """Print what Jenkins and people read from the stack, as JSON."""
    from cli.commands.outputs import outputs

    outputs(stack, secrets=secrets)


@app.command(rich_help_panel="The store")
def down(stack: Stack = "local", yes: Yes = False, verbose: Verbose = False, wait: Wait = True) -> None:
    """Take everything of the stack down but what its file retains."""
    from cli.commands.down import down

    down(stack, yes=yes, verbose=verbose, wait=wait)


@app.command("new-stack", rich_help_panel="The store")
def new_stack(
    name: Annotated[str, typer.Argument(help="The new stack's name.")] = "",
    pairs: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="What differs from the template; may be repeated."),
    ] = None,
    wait: Wait = True,
) -> None:
    """Make another stack of this machine, with generated passwords."""
    from cli.commands.new_stack import new_stack

    new_stack(name, pairs or [], wait=wait)


@app.command(rich_help_panel="The store")
def trust(
    stack: Stack = "local", remove: Annotated[bool, typer.Option("--remove", help="Take it back.")] = False
) -> None:
    """Let this machine reach the store by its name and trust it; needs root."""
    from cli.commands import trust

    trust.forget(stack) if remove else trust.apply(stack)


@app.command(rich_help_panel="The store")
def doctor(stack: Stack = "local") -> None:
    """Check this machine and the stack, and say what mends them."""
    from cli.commands.doctor import doctor

    doctor(stack)


@app.command(rich_help_panel="Data")
def backup(stack: Stack = "local", wait: Wait = True) -> None:
    """Put a snapshot of everything that is stored where backup.location of the stack file says."""
    from cli.commands.backup import backup

    backup(stack, wait=wait)


@app.command(rich_help_panel="Data")
def restore(
    stack: Stack = "local",
    snapshot: Annotated[str, typer.Option("--from", help="The snapshot's name; without it they are listed.")] = "",
    yes: Yes = False,
    wait: Wait = True,
) -> None:
    """Put a snapshot in the place of everything that is stored."""
    from cli.commands.restore import restore

    restore(stack, snapshot, yes=yes, wait=wait)


@app.command(rich_help_panel="Data")
def storage(
    stack: Stack = "local",
    clean: Annotated[bool, typer.Option("--clean", help="Then run the tasks that give space back.")] = False,
    yes: Yes = False,
    wait: Wait = True,
) -> None:
    """Show what blob stores and repositories hold, how they grow, and what a compaction would free."""
    from cli.commands.storage import storage

    storage(stack, clean=clean, yes=yes, wait=wait)


@app.command(rich_help_panel="Data")
def limits(stack: Stack = "local") -> None:
    """Show what of the Community Edition's limits is used, what is left, and until when it lasts."""
    from cli.commands.limits import limits

    limits(stack)


@app.command(rich_help_panel="Data")
def audit(
    stack: Stack = "local",
    days: Annotated[int, typer.Option("--days", min=1, max=91, help="How many days back.")] = 1,
    user: Annotated[str, typer.Option("--user", help="What this user did alone.")] = "",
    about: Annotated[str, typer.Option("--about", help="What it is about: security, repository, blobstore, ...")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The lines as Nexus wrote them.")] = False,
) -> None:
    """Show who changed what on the server, from Nexus's own audit log."""
    from cli.commands.audit import audit

    audit(stack, days=days, user=user, about=about, as_json=as_json)


@app.command("preview-report", rich_help_panel="Pipelines")
def preview_report(
    stack: Stack = "local",
    refresh: Annotated[bool, typer.Option("--refresh", help="Look for changes by hand too.")] = False,
    plan: Annotated[str, typer.Option("--plan", help="Keep the update plan in this file; refreshes too.")] = "",
    wait: Wait = True,
) -> None:
    """Print the preview as Markdown for a pull request."""
    from cli.commands.preview import report

    report(stack, refresh=refresh, plan=_path(plan), wait=wait)


@app.command("preview-comment", rich_help_panel="Pipelines")
def preview_comment(
    pull_request: Annotated[str, typer.Argument(envvar="PULL_REQUEST", help="Its URL as browsers show it.")],
    report: Annotated[str, typer.Argument(envvar="REPORT", help="The file that preview-report printed.")],
) -> None:
    """Put a report on a pull request of GitHub, with GITHUB_TOKEN."""
    from cli.commands.preview import comment

    comment(pull_request, given(report))


@app.command(rich_help_panel="Pipelines")
def watch(
    stack: Stack = "local",
    file: Annotated[str, typer.Option("--metrics", help="A file of node_exporter's textfile collector.")] = "",
    wait: Wait = True,
) -> None:
    """Look for drift, and report it to the webhook WEBHOOK of the environment. Ends with 0 if there is none, with 3 if
    there is some, and with 1 when nothing can be told.
    """
    from cli.commands.watch import watch

    watch(stack, _path(file), wait=wait)


@app.command(rich_help_panel="Pipelines")
def jenkins(
    stack: Stack = "local",
    folder: Annotated[str, typer.Option("--to", help="By default build/jenkins/STACK.")] = "",
) -> None:
    """Write what Jenkins and its builds need to use the store."""
    from cli.commands.outputs import jenkins

    jenkins(stack, folder)


@app.command(rich_help_panel="Pipelines")
def monitoring(
    stack: Stack = "local",
    folder: Annotated[str, typer.Option("--to", help="By default build/monitoring/STACK.")] = "",
) -> None:
    """Write what a Prometheus and a Grafana need to watch the store."""
    from cli.commands.monitoring import monitoring

    monitoring(stack, folder)


@app.command(rich_help_panel="Pipelines")
def metrics(
    stack: Stack = "local",
    file: Annotated[str, typer.Option("--to", help="A file of node_exporter's textfile collector.")] = "",
) -> None:
    """Print what Nexus tells no Prometheus: disk, quotas, limits, tasks, certificate, backups."""
    from cli.commands.monitoring import metrics

    metrics(stack, file)


@app.command(rich_help_panel="A Nexus that runs")
def export(url: Annotated[str, typer.Argument(help="https://HOST[:PORT]")] = "") -> None:
    """Print the topology of a running Nexus for stacks/topology.yaml; NEXUS_PASSWORD is in the environment."""
    from cli.commands.export import export

    export(url)


@app.command(rich_help_panel="A Nexus that runs")
def report(stack: Stack = "local") -> None:
    """List what is on the server and not in the stack."""
    from cli.commands.outputs import report

    report(stack)


@app.command(rich_help_panel="Tools", context_settings=_AS_GIVEN, add_help_option=False)
def pulumi(context: typer.Context) -> None:
    """Run Pulumi itself on a stack: ./store pulumi config set --stack local --path KEY VALUE."""
    from cli.commands.pulumi import pulumi

    pulumi(context.args)


@app.command("stand-in", rich_help_panel="Tools")
def stand_in(
    port: Annotated[str, typer.Option("--port", help="Of 127.0.0.1.")] = "",
    data: Annotated[str, typer.Option("--data", help="The folder for configuration and content.")] = "",
    generation: Annotated[str, typer.Option("--generation", help="The release of Nexus that it plays.")] = "3.97",
    edition: Annotated[str, typer.Option("--edition", help="COMMUNITY or PRO; otherwise that of the release.")] = "",
    formats: Annotated[str, typer.Option("--formats", help="Only these, like maven2,raw,apt; otherwise all.")] = "",
    allow_scripts: Annotated[bool, typer.Option("--allow-scripts", help="Scripts may be created.")] = False,
    unreached_blob_stores: Annotated[
        bool, typer.Option("--unreached-blob-stores", help="Blob stores in clouds are kept, and never reached.")
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


@app.command(rich_help_panel="Tools")
def develop() -> None:
    """Install what the checks and the tests need into .venv."""


def main() -> None:
    """Runs the command line; every failure that the user can fix is one line."""
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


def _path(text: str) -> Path | None:
    return given(text) if text else None


if __name__ == "__main__":
    main()
