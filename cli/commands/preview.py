"""./store preview, preview-report and preview-comment: what `up` would do."""

import os
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cli.commands.ready import ready
from cli.console import json_text
from cli.errors import Ended
from cli.events.deployment import Deployment
from cli.events.event import Violation
from cli.process import attached, module
from cli.recovery.recovery import Recovery
from cli.stack.policies import policy_arguments

# For the report of a preview that could not start; Pulumi has printed the reason to standard error by then.
_NOTHING = '{"diagnostics": [{"severity": "error", "message": ""}]}'


def preview(name: str, *, verbose: bool = False, as_json: bool = False, wait: bool = True) -> None:
    """Shows what `up` would change, drift, and violated policies; with `verbose`, Pulumi's own diff of every property.

    Raises:
        Ended: the preview failed, or violates a mandatory policy.
    """
    with ready(name, "preview", wait=wait) as found:
        arguments = [*policy_arguments(found.stack)]
        arguments += ["--refresh"] if Recovery.of(found).before_preview() else []
        deployment = Deployment(found.stack, "preview", found.docker, found.environment)
        if verbose and not as_json:
            deployment.attached(["preview", "--diff", *arguments])
        else:
            deployment.preview(arguments, partial(_json, name) if as_json else None)


def _json(name: str, events: str, violations: Sequence[Violation]) -> list[str]:
    from cli.events.changes import as_values

    return [json_text({"stack": name, **as_values(events, violations)})]


def report(name: str, *, refresh: bool = False, plan: Path | None = None, wait: bool = True) -> None:
    """Prints the preview as Markdown, even if it fails.

    Raises:
        Ended: with the exit code of the preview.
    """
    with ready(name, "preview-report", wait=wait) as found, tempfile.TemporaryDirectory() as folder:
        os.umask(0o077)  # a plan contains the configuration, and only its secrets are encrypted
        document = Path(folder) / "preview.json"
        command = ["pulumi", "preview", "--stack", name, "--non-interactive", "--json", "--show-sames"]
        command += policy_arguments(found.stack)
        command += ["--refresh"] if Recovery.of(found).before_preview() and (refresh or plan) else []
        command += ["--save-plan", str(plan)] if plan else []
        # Only the streamed events contain policy violations.
        environment = {**found.environment, "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"}
        with document.open("w") as output:
            code = attached(command, environment, output=output)
        if not document.stat().st_size:
            document.write_text(_NOTHING)
        from cli.commands import limits  # late, since it loads an HTTP client

        near = limits.near_of_last_up(found.stack, found.environment)
        warnings = [part for each in near for part in ("--warning", each)]
        module("reports", str(document), "--stack", name, *warnings)
    if code:
        raise Ended(code if code > 0 else 1)


def comment(pull_request: str, report_file: Path) -> None:
    """Posts a report to a pull request on GitHub, or updates the earlier one.

    Raises:
        Ended: GitHub refuses; the reason was printed.
    """
    module("reports.comment", pull_request, str(report_file))
