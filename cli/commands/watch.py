"""./store watch: checks a store for drift, for a job on a schedule, and reports it to a webhook."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from cli.commands.ready import ready
from cli.console import say
from cli.drift import webhook
from cli.drift.additions import Additions, of_stack
from cli.drift.memory import Memory
from cli.errors import CommandError, Ended
from cli.events.deployment import Deployment
from cli.files import write_atomically
from cli.monitoring.samples import Sample, text
from cli.stack.stack import Stack

DRIFT = 3
"""The exit code for drift. 1 is an error, and 2 a wrong command line."""


def watch(name: str, metrics: Path | None = None, *, wait: bool = True) -> None:
    """Runs a preview with a refresh; prints the differences and reports them.

    Raises:
        CommandError: the check failed, which was reported.
        Ended: with DRIFT if there is drift; with 1 if the preview failed, which was reported.
    """
    hook, memory = webhook.of_environment(), Memory.of(Stack(name))
    failure = f"{name}: the check for drift failed; the log of the job has the reason"
    try:
        found = _differing(name, wait=wait)
    except CommandError:
        _report(hook, memory, failure)
        raise
    except Ended:
        _report(hook, memory, failure)
        raise Ended(1) from None  # Pulumi's exit code could be any, also DRIFT
    if metrics:
        samples = [
            Sample("drift", len(found.differences) + len(found.additions.lines)),
            Sample("undeclared_administrators", len(found.additions.administrators)),
            Sample("drift_at_seconds", time.time()),
        ]
        write_atomically(metrics, text(samples, name))
    _report(hook, memory, webhook.message(name, found.differences, found.additions.lines))
    if found.differences or found.additions.lines:
        raise Ended(DRIFT)


@dataclass(frozen=True)
class Found:
    """How a store differs from its stack file."""

    differences: list[list[str]]
    """The lines of each difference that `up` would undo."""
    additions: Additions = field(default_factory=Additions)


def _differing(name: str, *, wait: bool) -> Found:
    with ready(name, "watch", wait=wait) as store:
        unavailable = store.recovery().unavailable()
        if unavailable:
            for each in unavailable:
                say(f"{each}; make up STACK={name} brings it back")
            return Found([[each] for each in unavailable])
        added = of_stack(store.stack, store.environment)
        for line in added.lines:
            print(line, flush=True)
        lines = Deployment(store.stack, "preview", store.docker, store.environment).preview(["--refresh"])
        return Found(by_resource(lines), added)


def by_resource(lines: list[str]) -> list[list[str]]:
    """Groups the lines of a preview by resource; the lines of its fields are indented."""
    found: list[list[str]] = []
    for line in lines:
        if line.startswith(" ") and found:
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _report(hook: str, memory: Memory, message: str) -> None:
    """Sends the message unless it is the one that was sent last."""
    if hook and memory.is_new(message):
        webhook.send(hook, message)
        memory.keep(message)
