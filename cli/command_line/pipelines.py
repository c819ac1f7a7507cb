from typing import Annotated

import typer

from cli.command_line.options import Stack, Wait, path
from cli.paths import given

commands = typer.Typer()
_PANEL = "Pipelines"


@commands.command("preview-report", rich_help_panel=_PANEL)
def preview_report(
    stack: Stack = "local",
    refresh: Annotated[bool, typer.Option("--refresh", help="Look for changes by hand too.")] = False,
    plan: Annotated[str, typer.Option("--plan", help="Keep the update plan in this file; refreshes too.")] = "",
    wait: Wait = True,
) -> None:
    """Print the preview as Markdown for a pull request."""
    from cli.commands.preview import report

    report(stack, refresh=refresh, plan=path(plan), wait=wait)


@commands.command("preview-comment", rich_help_panel=_PANEL)
def preview_comment(
    pull_request: Annotated[str, typer.Argument(envvar="PULL_REQUEST", help="Its URL as browsers show it.")],
    report: Annotated[str, typer.Argument(envvar="REPORT", help="The file that preview-report printed.")],
) -> None:
    """Put a report on a pull request of GitHub, with GITHUB_TOKEN."""
    from cli.commands.preview import comment

    comment(pull_request, given(report))


@commands.command(rich_help_panel=_PANEL)
def watch(
    stack: Stack = "local",
    file: Annotated[str, typer.Option("--metrics", help="A file of node_exporter's textfile collector.")] = "",
    wait: Wait = True,
) -> None:
    """Look for drift, and report it to the webhook WEBHOOK of the environment. Ends with 0 if there is none, with 3 if
    there is some, and with 1 when nothing can be told.
    """
    from cli.commands.watch import watch

    watch(stack, path(file), wait=wait)


@commands.command(rich_help_panel=_PANEL)
def jenkins(
    stack: Stack = "local",
    folder: Annotated[str, typer.Option("--to", help="By default build/jenkins/STACK.")] = "",
) -> None:
    """Write what Jenkins and its builds need to use the store."""
    from cli.commands.outputs import jenkins

    jenkins(stack, folder)


@commands.command(rich_help_panel=_PANEL)
def monitoring(
    stack: Stack = "local",
    folder: Annotated[str, typer.Option("--to", help="By default build/monitoring/STACK.")] = "",
) -> None:
    """Write what a Prometheus and a Grafana need to watch the store."""
    from cli.commands.monitoring import monitoring

    monitoring(stack, folder)


@commands.command(rich_help_panel=_PANEL)
def metrics(
    stack: Stack = "local",
    file: Annotated[str, typer.Option("--to", help="A file of node_exporter's textfile collector.")] = "",
) -> None:
    """Print what Nexus tells no Prometheus: disk, quotas, limits, tasks, certificate, backups."""
    from cli.commands.monitoring import metrics

    metrics(stack, file)
