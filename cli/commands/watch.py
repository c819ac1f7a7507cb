"""./store watch: checks on a schedule whether a store is as its stack file says, and reports to a webhook."""

import time
from pathlib import Path

from cli.commands.ready import ready
from cli.console import say
from cli.drift import webhook
from cli.drift.memory import Memory
from cli.errors import CommandError, Ended
from cli.events.deployment import Deployment
from cli.files import write_atomically
from cli.monitoring.samples import Sample, text
from cli.recovery.recovery import Recovery
from cli.stack.stack import Stack

DRIFT = 3
"""The exit code. 1 is an error, and 2 a wrong command line."""


def watch(name: str, metrics: Path | None = None, *, wait: bool = True) -> None:
    """Runs a preview with a refresh, prints what differs, and reports it.

    Raises:
        CommandError: nothing can be told; the webhook was told that.
        Ended: with DRIFT if something differs; with 1 when the preview failed.
    """
    hook, memory = webhook.of_environment(), Memory.of(Stack(name))
    untold = f"{name}: nothing can be told of whether it is as its stack file says; the log of the job has the reason"
    try:
        found = _differing(name, wait=wait)
    except CommandError:
        _report(hook, memory, untold)
        raise
    except Ended:
        _report(hook, memory, untold)
        raise Ended(1) from None  # Pulumi's own code could be any
    if metrics:
        samples = [Sample("drift", len(found)), Sample("drift_at_seconds", time.time())]
        write_atomically(metrics, text(samples, name))
    _report(hook, memory, webhook.message(name, found))
    if found:
        raise Ended(DRIFT)


def _differing(name: str, *, wait: bool) -> list[list[str]]:
    """The lines of each difference; none where everything is as the stack file says."""
    with ready(name, "watch", wait=wait) as store:
        unavailable = Recovery.of(store).unavailable()
        if unavailable:
            for each in unavailable:
                say(f"{each}; make up STACK={name} brings it back")
            return [[each] for each in unavailable]
        lines = Deployment(store.stack, "preview", store.docker, store.environment).preview(["--refresh"])
        return by_resource(lines)


def by_resource(lines: list[str]) -> list[list[str]]:
    """What a preview says, each resource with the lines of its fields, which are indented."""
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
