"""./store doctor: checks this machine and a stack, and prints the command that fixes each problem.

It changes nothing, and ends within about ten seconds even if something does not answer.
"""

import os
import queue
import subprocess
import threading
import time
from collections.abc import Mapping

from cli.console import json_text
from cli.doctor import answers, applied, clock, containers, machine, own, server
from cli.doctor.engine import Engine
from cli.doctor.finding import Check, Finding
from cli.errors import CommandError, Ended
from cli.stack.policies import levels_of
from cli.stack.stack import Stack
from nexus.errors import NexusError

_SECONDS = 10.0
_UNANSWERED = (CommandError, NexusError, OSError, ValueError, KeyError, subprocess.TimeoutExpired)


def doctor(name: str, *, as_json: bool = False) -> None:
    """Prints the table.

    Raises:
        Ended: a check found a problem.
    """
    found = examined(_checks(Stack(name)))
    if as_json:
        checks = [{"name": each.what, "ok": not each.fix, "detail": each.detail, "fix": each.fix} for each in found]
        print(json_text({"stack": name, "ok": all(check["ok"] for check in checks), "checks": checks}))
    else:
        _print(found)
    if any(finding.fix for finding in found):
        raise Ended(1)


def _checks(stack: Stack) -> dict[str, Check]:
    """The checks in the order of the table, each by the name of its first row."""
    state = applied.Applied(lambda: applied.exported(stack))
    engine = Engine(stack)
    return {
        "Docker engine": lambda: machine.docker_engine(stack, engine),
        "endpoint": lambda: machine.endpoint(stack, engine, state),
        "Pulumi": lambda: machine.pulumi(stack),
        "stack": lambda: own.stack_file(stack, engine),
        "lock": lambda: own.lock(stack),
        "state": lambda: own.state_file(stack),
        "containers": lambda: containers.containers(stack, engine),
        "ports": lambda: machine.ports(stack, engine),
        "name": lambda: machine.name_and_trust(stack),
        "certificate": lambda: answers.certificate(stack),
        "clock": lambda: clock.clock(stack, engine),
        "disk": lambda: containers.disk(stack, engine),
        "memory": lambda: containers.memory_and_files(stack, engine),
        "backups": lambda: own.backups(stack),
        "Nexus": lambda: server.nexus(stack, state),
        "policies": lambda: applied.policies(stack, state, levels_of(stack)),
    }


def examined(checks: Mapping[str, Check], seconds: float = _SECONDS) -> list[Finding]:
    """Runs the checks in parallel. A check that exceeds the time limit becomes a finding itself, and is abandoned."""
    ended: queue.Queue[tuple[str, list[Finding]]] = queue.Queue()
    for name, check in checks.items():
        threading.Thread(target=_work, args=(ended, name, check), daemon=True).start()
    until, found = time.monotonic() + seconds, dict[str, list[Finding]]()
    while len(found) < len(checks):
        try:
            name, findings = ended.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            break
        found[name] = findings
    late = {name: [Finding(name, f"no answer within {seconds:g} s", "run the same command again")] for name in checks}
    return [finding for name in checks for finding in found.get(name, late[name])]


def _work(ended: "queue.Queue[tuple[str, list[Finding]]]", name: str, check: Check) -> None:
    found: list[Finding] = []
    try:
        found += check()
    except _UNANSWERED as error:
        found.append(Finding(name, " ".join(str(error).split()), "see the message"))
    ended.put((name, found))


def _print(found: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in found:
        mark = Text("✗", "red") if finding.fix else Text("✓", "green")
        table.add_row(mark, Text(finding.what), Text(finding.detail), Text(finding.fix))
    # Each row stays on one line if the output is not a terminal, for pasting it into an issue.
    Console(width=None if os.isatty(1) else 1000).print(table)
