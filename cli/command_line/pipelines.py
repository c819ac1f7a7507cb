from typing import Annotated

import typer

from cli.command_line.options import Server, Stack, Wait, path
from cli.paths import given

commands = typer.Typer()
_PANEL = "Pipelines"


@commands.command("preview-report", rich_help_panel=_PANEL)
def preview_report(
    stack: Stack = "local",
    refresh: Annotated[bool, typer.Option("--refresh", help="Also look for drift.")] = False,
    plan: Annotated[str, typer.Option("--plan", help="Save the update plan to this file; implies --refresh.")] = "",
    server: Server = True,
    wait: Wait = True,
) -> None:
    """Print the preview as Markdown for a pull request."""
    from cli.commands.preview import report

    report(stack, refresh=refresh, plan=path(plan), server=server, wait=wait)


@commands.command("preview-comment", rich_help_panel=_PANEL)
def preview_comment(
    pull_request: Annotated[str, typer.Argument(envvar="PULL_REQUEST", help="The pull request's number.")],
    report: Annotated[str, typer.Argument(envvar="REPORT", help="A file with the output of preview-report.")],
) -> None:
    """Post a report to a pull request of GITHUB_REPOSITORY, with GITHUB_TOKEN."""
    from cli.commands.preview import comment

    comment(pull_request, given(report))


@commands.command(rich_help_panel=_PANEL)
def watch(
    stack: Stack = "local",
    file: Annotated[
        str, typer.Option("--metrics", help="Also write a file for node_exporter's textfile collector.")
    ] = "",
    wait: Wait = True,
) -> None:
    """Look for drift, and post it to the URL in WEBHOOK. Exit code: 0 no drift, 3 drift, 1 the check failed."""
    from cli.commands.watch import watch

    watch(stack, path(file), wait=wait)


@commands.command(rich_help_panel=_PANEL)
def jenkins(
    stack: Stack = "local",
    folder: Annotated[str, typer.Option("--to", help="By default build/jenkins/STACK.")] = "",
) -> None:
    """Write the files that Jenkins and its builds need to use the store."""
    from cli.commands.outputs import jenkins

    jenkins(stack, folder)


@commands.command(rich_help_panel=_PANEL)
def monitoring(
    stack: Stack = "local",
    folder: Annotated[str, typer.Option("--to", help="By default build/monitoring/STACK.")] = "",
) -> None:
    """Write the files that Prometheus and Grafana need to monitor the store."""
    from cli.commands.monitoring import monitoring

    monitoring(stack, folder)


@commands.command(rich_help_panel=_PANEL)
def metrics(
    stack: Stack = "local",
    file: Annotated[
        str, typer.Option("--to", help="Write a file for node_exporter's textfile collector instead.")
    ] = "",
) -> None:
    """Print the metrics that Nexus itself does not export: disk, quotas, limits, tasks, certificate, backups."""
    from cli.commands.monitoring import metrics

    metrics(stack, file)
