"""Shows a deployment on a terminal or in the log of a pipeline."""

import sys
import time
from collections.abc import Iterable
from typing import Any

from cli.console import coloured, say, takes_away
from cli.events.event import Event, Message, Phase, Step
from cli.events.progress import Progress, is_milestone, verb
from reports.kinds import NEW_AUTHORITY, is_authority, is_bookkeeping

_STATUS_SECONDS = 15.0
_LINES = 12


class View:
    """Plain lines: milestones, messages of providers, and the progress every 15 s."""

    def __init__(self, command: str, *, milestones: bool) -> None:
        self._command = command
        self._milestones = milestones
        """Whether everything is created or deleted, so that only milestones are worth a line."""
        self._shown: set[str] = set()
        self._lines = 0
        self._last = time.monotonic()
        self._began: dict[str, float] = {}

    def __enter__(self) -> "View":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def planned(self, progress: Progress) -> None:
        """Shows the counts of the preview, unless Pulumi truncated its log before they were read."""
        if progress.planned is not None:
            self.line(f"{self._command}: {progress.planned or 'nothing to change'}")

    def show(self, event: Event) -> None:
        """Shows an event, if it is worth a line."""
        if isinstance(event, Message) and event.severity not in ("debug", "error"):
            if not event.is_status or event.is_of_script:
                self._once(event.text)
        elif isinstance(event, Step):
            self._step(event)

    def tick(self, progress: Progress) -> None:
        """Shows the progress; called several times a second."""
        if time.monotonic() - self._last >= _STATUS_SECONDS:
            self.line(f"{self._command}: {_state(progress)}")

    def line(self, text: str) -> None:
        """Prints a line."""
        self._last = time.monotonic()
        say(text)

    def result(self, lines: Iterable[str]) -> None:
        """Prints the result of the command to standard output."""
        for text in lines:
            print(coloured(text, sys.stdout), flush=True)

    def end(self, progress: Progress) -> None:
        """Prints the last line of a successful deployment."""
        changes = progress.done_in_words()
        checked = f"nothing to change, {progress.done} resources checked" if progress.done else "nothing to change"
        self.line(f"{self._command}: {changes or checked} ({_time(progress.seconds)})")

    def _step(self, step: Step) -> None:
        if step.phase is Phase.BEGUN:
            self._began[step.urn] = time.monotonic()
            return
        if step.phase is Phase.FAILED or not self._is_worth_a_line(step):
            return
        took = round(time.monotonic() - self._began.get(step.urn, time.monotonic()))
        self._once(f"{verb(step)} {step.title}" + (f" ({_time(took)})" if took else ""))
        if step.operation == "create-replacement" and is_authority(step.type, step.name):
            self._once(NEW_AUTHORITY)

    def _is_worth_a_line(self, step: Step) -> bool:
        if step.operation in ("same", "refresh", "delete-replaced", "replace") or step.type.startswith("pulumi:"):
            return False
        if is_bookkeeping(step.type, step.name, step.operation):
            return False
        if self._milestones:
            return is_milestone(step)
        self._lines += 1
        return self._lines <= _LINES

    def _once(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line.strip() and line not in self._shown]
        self._shown.update(lines)
        for line in lines:
            self.line(line)


class Live(View):
    """For a terminal: the same lines, above a status line."""

    def __enter__(self) -> "Live":
        from rich.console import Console
        from rich.status import Status

        self._status = Status("", console=Console(stderr=True))
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def tick(self, progress: Progress) -> None:
        from rich.markup import escape

        self._status.update(escape(f"{self._command}: {_state(progress)}"))

    def line(self, text: str) -> None:
        style = "red" if takes_away(text) else None
        self._status.console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def result(self, lines: Iterable[str]) -> None:
        self._status.stop()  # while it runs, rich sends what is printed to standard error
        super().result(lines)
        self._status.start()


def view(command: str, *, milestones: bool) -> View:
    return (Live if sys.stderr.isatty() else View)(command, milestones=milestones)


def _state(progress: Progress) -> str:
    now = _newest(progress.running.values())
    parts = [progress.of_total(), f"{_doing(now)}" if now else "", progress.status, _time(progress.seconds)]
    return " · ".join(part for part in parts if part)


def _newest(steps: Iterable[Any]) -> Step | None:
    """The newest running operation; components only contain the others."""
    own = [step for step in steps if not step.type.startswith(("pulumi:", "repository-store:"))]
    return own[-1] if own else None


def _doing(step: Step) -> str:
    doing = {
        "created": "creating",
        "updated": "updating",
        "deleted": "deleting",
        "replaced": "replacing",
        "adopted": "adopting",
    }
    return f"{doing.get(verb(step), verb(step))} {step.title}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
