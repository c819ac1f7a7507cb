"""Runs steps in parallel where they do not depend on each other, with a progress line for each."""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from cli.console import say
from cli.errors import CommandError
from cli.machine.cache import cache_folder
from cli.machine.progress_view import view
from cli.machine.step import Running, State, Step
from lab.running import Job, Stopped

_LINES_OF_LOG = 15


@dataclass
class _Run:
    steps: dict[str, Running] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, steps: Sequence[Step], logs: Path) -> None:
        """Adds the steps that it does not have yet."""
        for step in steps:
            if step.name not in self.steps:
                job = Job(logs / f"{_file_name(step.name)}.log")
                job.log.write_bytes(b"")
                self.steps[step.name] = Running(step, job)

    def in_state(self, *states: State) -> list[Running]:
        return [each for each in self.steps.values() if each.state in states]

    def is_ready(self, running: Running) -> bool:
        return all(self.steps[name].state == "done" for name in running.step.after if name in self.steps)


def run_steps(steps: Sequence[Step]) -> None:
    """Runs all steps; if one fails or a signal arrives, stops the others.

    Raises:
        CommandError: a step failed; the end of its log was printed.
        KeyboardInterrupt, SystemExit: a signal arrived.
    """
    if not steps:
        return
    logs = cache_folder() / "logs"
    logs.mkdir(exist_ok=True)
    run = _Run()
    run.add(steps, logs)
    threads: list[threading.Thread] = []
    with _signals_raise(), view(run.steps) as refresh:
        try:
            while run.in_state("waiting", "running") and not run.in_state("failed"):
                threads += _start_what_is_ready(run)
                refresh()
                with run.changed:
                    run.changed.wait(0.2)
                for each in run.in_state("done"):
                    run.add(each.more, logs)
        finally:
            _stop(run, threads)
            refresh()
    for failed in run.in_state("failed"):
        raise _failure(failed)


def _file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower())


def _start_what_is_ready(run: _Run) -> list[threading.Thread]:
    ready = [each for each in run.in_state("waiting") if run.is_ready(each)]
    if not ready and not run.in_state("running") and run.in_state("waiting"):
        raise ValueError(f"steps wait for each other: {[each.step.name for each in run.in_state('waiting')]}")
    threads = []
    for each in ready:
        each.state, each.begun = "running", time.monotonic()
        threads.append(threading.Thread(target=_work, args=(run, each), name=each.step.name))
        threads[-1].start()
    return threads


def _work(run: _Run, running: Running) -> None:
    state: State = "done"
    try:
        running.more = running.step.work(running.job) or ()
    except Stopped:
        state = "stopped"
    except BaseException as error:
        state, running.error = "failed", error
    with run.changed:
        running.ended, running.state = time.monotonic(), state
        run.changed.notify()


def _stop(run: _Run, threads: Sequence[threading.Thread]) -> None:
    for each in run.in_state("running"):
        each.job.stop()
    for thread in threads:
        thread.join()


def _failure(failed: Running) -> BaseException:
    error = failed.error or RuntimeError(failed.step.name)
    if not isinstance(error, OSError | subprocess.CalledProcessError):
        return error
    failed.job.note(str(error))
    for line in failed.job.log.read_text(errors="replace").splitlines()[-_LINES_OF_LOG:]:
        say(f"    {line}")
    return CommandError(
        failed.step.name, f"it failed; the lines above are the end of {failed.job.log}", fix=failed.step.fix
    )


class Terminated(SystemExit):
    """A signal that asks this process to end."""


@contextmanager
def _signals_raise() -> Iterator[None]:
    """SIGTERM and SIGHUP stop the steps, like Ctrl-C."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise Terminated(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[signal.Signals, Any] = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
