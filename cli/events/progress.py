"""The progress of a deployment, from its events."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.events.event import Event, Message, Phase, Step, Summary, Violation
from reports.kinds import is_bookkeeping
from reports.preview import OPERATIONS, in_words

_UNCHANGED = {"same", "refresh", "read", "read-replacement", "discard", "remove-pending-replace"}
_OF_REPLACEMENT = ("replace", "delete-replaced")
"""The steps of a replacement beside that which creates the new resource."""
_COMPONENTS = ("pulumi:", "repository-store:")
_MILESTONES = ("docker:", "command:local:")


@dataclass
class Progress:
    """The progress so far."""

    began: float = field(default_factory=time.monotonic)
    total: int = 0
    """The number of resources, from the preview or the refresh; 0 while unknown."""
    done: int = 0
    changed: dict[str, Step] = field(default_factory=dict)
    """What was changed, by URN."""
    running: dict[str, Step] = field(default_factory=dict)
    """The running operations, by URN."""
    messages: list[Message] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    failed: list[Step] = field(default_factory=list)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    """The last status message, like the countdown of Nexus's start."""
    planned: str | None = None
    """What the preview found, in words; empty for nothing, None while it is not known."""
    replaced: set[str] = field(default_factory=set)
    """The URNs of which a new one was made."""
    removed: dict[str, Step] = field(default_factory=dict)
    """What was removed to be replaced and is not made again yet, by URN."""
    _refreshed: int = 0
    _begun: int = 0
    _changing: dict[str, Step] = field(default_factory=dict)
    """What a preview says will change, by URN."""

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
                self.planned = _in_words(self._changing)

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
        if step.phase is Phase.BEGUN:
            if step.operation not in _UNCHANGED:
                self.running[step.urn] = self._changing[step.urn] = step
            return
        self.running.pop(step.urn, None)
        self.status = ""
        if step.phase is Phase.FAILED:
            self.failed.append(step)
            return
        self.done += step.operation not in _OF_REPLACEMENT
        self.outputs = step.outputs or self.outputs
        if step.operation == "create-replacement":
            self.replaced.add(step.urn)
            self.removed.pop(step.urn, None)
        elif step.operation == "delete-replaced" and step.urn not in self.replaced:
            self.removed[step.urn] = step
        if step.operation not in _UNCHANGED and step.operation not in _OF_REPLACEMENT:
            self.changed[step.urn] = step

    def _message(self, message: Message) -> None:
        if message.severity == "debug":
            return
        if message.is_status:
            self.status = message.text.splitlines()[-1]
        else:
            self.messages.append(message)

    def done_in_words(self) -> str:
        """What was done so far, like `created 2`; empty for nothing."""
        return _in_words(self.changed, done=True)

    def applied(self) -> str:
        """What a run that failed has changed, and what not."""
        done = [words] if (words := self.done_in_words()) else []
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
    return OPERATIONS[step.operation].done if step.operation in OPERATIONS else step.operation


def _in_words(changed: Mapping[str, Step], *, done: bool = False) -> str:
    """What only serves the program itself is counted if nothing else changes."""
    steps = [step for step in changed.values() if not _is_internal(step)] or list(changed.values())
    counts = Counter(OPERATIONS[step.operation] for step in steps if step.operation in OPERATIONS)
    return in_words(counts, sum(step.differs for step in steps), done=done)


def _is_internal(step: Step) -> bool:
    return step.type.startswith(_COMPONENTS) or is_bookkeeping(step.type, step.name, step.operation)
