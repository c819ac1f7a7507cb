"""Shows steps: as a live table on a terminal, elsewhere as a line when one starts or ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.console import say

if TYPE_CHECKING:
    from rich.table import Table

    from cli.machine.step import Running, State

_MARKS: dict[State, str] = {"waiting": " ", "running": "…", "done": "✓", "failed": "✗", "stopped": "-"}


@contextmanager
def view(steps: Mapping[str, Running]) -> Iterator[Callable[[], None]]:
    """Yields a function to call whenever something may have changed."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI"):
        with _live(steps) as refresh:
            yield refresh
    else:
        yield _plain(steps)


def duration(seconds: float) -> str:
    """Like `1 min 20 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return (
        " ".join(part for part in (f"{minutes} min" if minutes else "", f"{rest} s" if rest else "") if part) or "0 s"
    )


def left(steps: Mapping[str, Running], name: str) -> float:
    """Seconds until the step is done: its own, after the longest step that it waits for."""
    running = steps[name]
    before = [left(steps, each) for each in running.step.after if each in steps]
    return running.left + max(before, default=0)


@contextmanager
def _live(steps: Mapping[str, Running]) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.live import Live

    with Live(_table(steps), console=Console(stderr=True), auto_refresh=False) as live:
        yield lambda: live.update(_table(steps), refresh=True)


def _table(steps: Mapping[str, Running]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for name, running in steps.items():
        elapsed = duration(running.elapsed) if running.begun else ""
        table.add_row(_MARKS[running.state], name, elapsed, _expectation(steps, running))
    return table


def _expectation(steps: Mapping[str, Running], running: Running) -> str:
    if running.state == "running":
        return f"about {duration(running.left)} left" if running.left >= 1 else "takes longer than usual"
    if running.state == "waiting":
        waits_for = [each for each in running.step.after if each in steps and steps[each].state != "done"]
        return f"waits for {', '.join(waits_for)}; done in about {duration(left(steps, running.step.name))}"
    return ""


def _plain(steps: Mapping[str, Running]) -> Callable[[], None]:
    printed: dict[str, State] = {}

    def refresh() -> None:
        for name, running in steps.items():
            state = running.state
            if printed.get(name) == state or state == "waiting":
                continue
            if name not in printed:
                say(f"{name} (about {duration(running.step.seconds)}) ...")
            printed[name] = state
            if state != "running":
                say(f"{name}: {state}{' in' if state == 'done' else ' after'} {duration(running.elapsed)}")

    return refresh
