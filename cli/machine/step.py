"""What the machine needs before Pulumi runs, as steps, and how far each of them is."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lab.running import Job

State = Literal["waiting", "running", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Step:
    """Something that takes long enough to be told about."""

    name: str
    seconds: float
    """How long it takes on 2 cores, beside the others."""
    work: Callable[[Job], Sequence["Step"] | None]
    """May return further steps, which it found to be needed."""
    after: tuple[str, ...] = ()
    """The names of the steps whose results it needs; those that are not among the steps are done."""
    fix: str = "solve what these lines say, then run the command again: what is done is kept"


@dataclass
class Running:
    """A step on its way."""

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
        """Seconds, as far as one can say."""
        return 0 if self.ended else max(self.step.seconds - self.elapsed, 0)
