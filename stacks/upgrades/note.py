"""One thing that lies between two releases of Nexus."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nexus.schema.release import is_older
from stacks.upgrades.deployed import Deployed


@dataclass(frozen=True)
class Note:
    """What changes with a release, for which stores, and what to do before such an upgrade."""

    name: str
    since: str
    """The release that it came with, like 3.71."""
    when: str
    """Which stores it concerns, in words."""
    concerns: Callable[[Deployed], Iterable[str]]
    """The keys of the stack file that it concerns; none if it does not concern this store."""
    breaks: str
    first: str
    source: str
    """The page of Sonatype that says so, or the issue of Sonatype's that does."""
    until: str = ""
    """The last release that has it; empty if every later one does."""
    stop: str = ""
    """The last release that still works: a store that it concerns has to stop there, and is refused otherwise."""

    def lies_between(self, before: str, to: str) -> bool:
        """Whether an upgrade runs into it; with an unknown `before`, any release that has it does."""
        gone = bool(self.until) and is_older(self.until, to)
        return not is_older(to, self.since) and not gone and (not before or is_older(before, self.since))
