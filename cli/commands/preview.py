"""./store preview, preview-report and preview-comment: what `up` would do."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from cli.commands.ready import Ready, ready
from cli.console import json_text, say
from cli.drift.additions import Additions, of_stack
from cli.errors import CommandError, Ended
from cli.events.deployment import Deployment
from cli.events.event import Violation
from cli.process import attached, module
from cli.stack.policies import policy_arguments
from nexus.http.connection import WITHOUT_SERVER

# For the report of a preview that could not start; Pulumi has printed the reason to standard error by then.
_NOTHING = '{"diagnostics": [{"severity": "error", "message": ""}]}'


def preview(name: str, *, verbose: bool = False, as_json: bool = False, server: bool = True, wait: bool = True) -> None:
    """Shows what `up` would change, drift, and violated policies; with `verbose`, Pulumi's own diff of every property.

    Without the server it compares the stack file with the last `up` only.

    Raises:
        Ended: the preview failed, or violates a mandatory policy.
    """
    with ready(name, "preview", wait=wait) as found:
        arguments = [*policy_arguments(found.stack)]
        refreshes = found.recovery().before_preview() and server
        arguments += ["--refresh"] if refreshes else []
        added = _added(found) if refreshes else None
        deployment = Deployment(found.stack, "preview", found.docker, _environment(found, server=server))
        if verbose and not as_json:
            deployment.attached(["preview", "--diff", *arguments])
        else:
            deployment.preview(arguments, partial(_json if as_json else _lines, name, added))


def _environment(found: Ready, *, server: bool) -> Mapping[str, str]:
    if server:
        return found.environment
    say("the server is not asked: what is on it already, and what was changed there by hand, is not known")
    return {**found.environment, WITHOUT_SERVER: "1"}


def _added(found: Ready) -> Additions | None:
    """What was added on the server; None if it does not answer, which does not stop a preview."""
    try:
        return of_stack(found.stack, found.environment, counts=True)
    except CommandError as error:
        say(str(error))
        return None


def _lines(name: str, added: Additions | None, events: str, _violations: Sequence[Violation]) -> list[str]:
    from cli.events.outlook import outlook

    lines = added.lines if added else ()
    return [*lines, *outlook(events), *_not_declared(name, _undeclared(added, events))]


def _not_declared(name: str, counts: Mapping[str, int]) -> Iterator[str]:
    from reports.undeclared import in_words

    if counts:
        yield f"not declared: {in_words(counts)}; ./store report --stack {name} lists them"


def _undeclared(added: Additions | None, events: str) -> Mapping[str, int]:
    from cli.events.changes import of_events
    from reports.undeclared import still

    return still(added.undeclared, of_events(events)) if added and added.undeclared else {}


def _json(name: str, added: Additions | None, events: str, violations: Sequence[Violation]) -> list[str]:
    from cli.events.changes import as_values

    additions = {"administrators": added.administrators, "objects": added.objects} if added else None
    found = {**as_values(events, violations), "additions": additions, "undeclared": _undeclared(added, events)}
    return [json_text({"stack": name, **found})]


def report(
    name: str, *, refresh: bool = False, plan: Path | None = None, server: bool = True, wait: bool = True
) -> None:
    """Prints the preview as Markdown, even if it fails.

    Raises:
        CommandError: the options contradict each other.
        Ended: with the exit code of the preview.
    """
    if not server and (refresh or plan):
        given = "--plan" if plan else "--refresh"
        raise CommandError("--without-server", f"not with {given}, which asks the server", fix=f"leave out {given}")
    with ready(name, "preview-report", wait=wait) as found, tempfile.TemporaryDirectory() as folder:
        os.umask(0o077)  # a plan contains the configuration, and only its secrets are encrypted
        document = Path(folder) / "preview.json"
        command = ["pulumi", "preview", "--stack", name, "--non-interactive", "--json", "--show-sames"]
        command += policy_arguments(found.stack)
        refreshes = found.recovery().before_preview() and (refresh or plan)
        command += ["--refresh"] if refreshes else []
        added = (_added(found) if refreshes else None) or Additions()
        command += ["--save-plan", str(plan)] if plan else []
        # Only the streamed events contain policy violations.
        environment = {**_environment(found, server=server), "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"}
        with document.open("w") as output:
            code = attached(command, environment, output=output)
        if not document.stat().st_size:
            document.write_text(_NOTHING)
        from cli.commands import limits  # late, since it loads an HTTP client

        near = limits.near_of_last_up(found.stack, found.environment) if server else []
        warnings = [part for each in near for part in ("--warning", each)]
        additions = [part for key in added.objects for part in ("--addition", key)]
        administrators = [part for key in added.administrators for part in ("--administrator", key)]
        undeclared = [part for each in added.undeclared.items() for part in ("--undeclared", "=".join(map(str, each)))]
        module("reports", str(document), "--stack", name, *warnings, *additions, *administrators, *undeclared)
    if code:
        raise Ended(code if code > 0 else 1)


def comment(pull_request: str, report_file: Path) -> None:
    """Posts a report to a pull request on GitHub, or updates the earlier one.

    Raises:
        Ended: GitHub refuses; the reason was printed.
    """
    module("reports.comment", pull_request, str(report_file))
