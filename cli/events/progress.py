"""The progress of a deployment, from its events."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.events.event import Event, Message, Phase, Step, Summary, Violation

_UNCHANGED = {"same", "refresh", "read", "read-replacement", "discard", "remove-pending-replace"}
_VERBS = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "replace": "replaced",
    "create-replacement": "replaced",
    "import": "imported",
}
_MILESTONES = ("docker:", "command:local:")


@dataclass
class Progress:
    """The progress so far."""

    began: float = field(default_factory=time.monotonic)
    total: int = 0
    """The number of resources, from the preview or the refresh; 0 while unknown."""
    done: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    """The number of changed resources, by verb."""
    running: dict[str, Step] = field(default_factory=dict)
    """The running operations, by URN."""
    messages: list[Message] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    failed: list[Step] = field(default_factory=list)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    """The last status message, like the countdown of Nexus's start."""
    planned: Mapping[str, int] | None = None
    """The number of resources of each operation, from the preview."""
    replaced: set[str] = field(default_factory=set)
    """The URNs of which a new one was made."""
    removed: dict[str, Step] = field(default_factory=dict)
    """What was removed to be replaced and is not made again yet, by URN."""
    _refreshed: int = 0
    _begun: int = 0

    @property
    def seconds(self) -> int:
        return round(time.monotonic() - self.began)

    def take(self, event: Event) -> None:
        """Processes the next event."""
        match event:
            case Step():
                self._step(event)
            case Message():
                self._message(event)
            case Violation():
                self.violations.append(event)
            case Summary():
                self.planned = event.changes

    def preview_ended(self) -> None:
        """Starts over for the update that follows the preview."""
        planned, total = self.planned, self._begun
        self.__init__(began=self.began, total=total, planned=planned)  # type: ignore[misc]

    def _step(self, step: Step) -> None:
        if step.operation == "refresh":
            self._refreshed += step.phase is Phase.BEGUN
            self.total = max(self.total, self._refreshed)
            return
        self._begun += step.phase is Phase.BEGUN
        changing = step.operation not in _UNCHANGED
        if step.phase is Phase.BEGUN:
            if changing:
                self.running[step.urn] = step
            return
        self.running.pop(step.urn, None)
        self.status = ""
        if step.phase is Phase.FAILED:
            self.failed.append(step)
            return
        self.done += step.operation not in ("replace", "delete-replaced")
        self.outputs = step.outputs or self.outputs
        if step.operation == "create-replacement":
            self.replaced.add(step.urn)
            self.removed.pop(step.urn, None)
        elif step.operation == "delete-replaced" and step.urn not in self.replaced:
            self.removed[step.urn] = step
        if verb := _VERBS.get(step.operation):
            self.changes[verb] += step.operation != "replace"

    def _message(self, message: Message) -> None:
        if message.severity == "debug":
            return
        if message.is_status:
            self.status = message.text.splitlines()[-1]
        else:
            self.messages.append(message)

    def applied(self) -> str:
        """What a run that failed has changed, and what not."""
        done = [f"{count} {what}" for what, count in self.changes.items() if count]
        gone = [f"{step.title} removed and not made again" for step in self.removed.values()]
        failed = len({step.urn for step in self.failed} - self.removed.keys())
        left = [f"{failed} failed"] if failed else []
        if not done and not gone:
            return ", ".join(["nothing was applied", *left])
        return f"applied: {', '.join([*done, *gone])}; not applied: {', '.join([*left, 'what had not begun'])}"

    def of_total(self) -> str:
        total = max(self.total, self.done)
        return f"{self.done} of {total}" if total else str(self.done)


def is_milestone(step: Step) -> bool:
    """Whether it is worth a line: containers, commands that wait until they answer, networks, volumes and images."""
    is_one = step.type.startswith(_MILESTONES) and not step.name.endswith("-files")
    return is_one and step.operation not in _UNCHANGED


def verb(step: Step) -> str:
    return _VERBS.get(step.operation, step.operation)
