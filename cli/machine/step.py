"""The steps that prepare the machine before Pulumi runs, and the progress of each."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lab.running import Job

State = Literal["waiting", "running", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Step:
    """Work that takes long enough to show its progress."""

    name: str
    seconds: float
    """How long it takes on 2 cores, in parallel with the others."""
    work: Callable[[Job], Sequence["Step"] | None]
    """May return further steps that turned out to be needed."""
    after: tuple[str, ...] = ()
    """The names of the steps whose results it needs; names without a step count as done."""
    fix: str = "solve what these lines say, then run the command again: finished steps are kept"


@dataclass
class Running:
    """A step that is waiting, running or finished."""

    step: Step
    job: Job
    state: State = "waiting"
    begun: float = 0
    ended: float = 0
    error: BaseException | None = None
    more: Sequence[Step] = ()

    @property
    def elapsed(self) -> float:
        return (self.ended or time.monotonic()) - self.begun if self.begun else 0

    @property
    def left(self) -> float:
        """The estimated seconds until it is done."""
        return 0 if self.ended else max(self.step.seconds - self.elapsed, 0)
