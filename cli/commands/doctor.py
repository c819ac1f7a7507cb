"""./store doctor: checks this machine and a stack, and prints the command that fixes each problem.

It changes nothing, and ends within about ten seconds even if something does not answer.
"""

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from cli.console import json_text
from cli.doctor import answers, applied, backups, clock, containers, machine, own, resources, server
from cli.doctor.engine import Engine
from cli.doctor.finding import CHECKS, Finding
from cli.errors import CommandError, Ended
from cli.stack.stack import Stack
from nexus.errors import NexusError

IN_ORDER = (machine, own, containers, answers, clock, resources, backups, server, applied)
"""The modules with checks; the rows of each are in its own order."""
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


def _checks(stack: Stack) -> dict[str, Callable[[], Iterator[Finding]]]:
    """The checks in the order of the table, each by the name of its first row."""
    given = {
        "stack": stack,
        "engine": Engine(stack),
        "applied": applied.Applied(lambda: applied.exported(stack)),
    }
    modules = [module.__name__ for module in IN_ORDER]
    found = sorted(CHECKS, key=lambda check: modules.index(check.find.__module__))
    return {each.row: partial(each.find, **{name: given[name] for name in each.needs}) for each in found}


def examined(checks: Mapping[str, Callable[[], Iterator[Finding]]], seconds: float = _SECONDS) -> list[Finding]:
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


def _work(ended: "queue.Queue[tuple[str, list[Finding]]]", name: str, check: Callable[[], Iterator[Finding]]) -> None:
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
