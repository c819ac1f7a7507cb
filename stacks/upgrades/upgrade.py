"""From the release that last ran on the data volume to the one that the stack file names."""

from collections.abc import Iterator
from dataclasses import dataclass

from nexus.advice import setting
from nexus.problem import Problem
from nexus.schema.release import is_older
from stacks.upgrades.deployed import Deployed
from stacks.upgrades.note import Note
from stacks.upgrades.notes import NOTES

_SHOWN = 3


@dataclass(frozen=True)
class Upgrade:
    before: str
    """Like 3.95.2; empty if it is not known."""
    to: str
    """The same; empty if the image does not tell."""
    store: Deployed

    @property
    def notes(self) -> tuple[Note, ...]:
        """Those that lie between and concern this store, oldest first; none if the image does not tell its release."""
        between = (each for each in NOTES if self.to and each.lies_between(self.before, self.to))
        return tuple(each for each in between if tuple(each.concerns(self.store)))

    def problems(self) -> list[Problem]:
        """Why it is refused: it skips a release at which a store like this has to stop."""
        return [self._refusal(each) for each in self.notes if each.stop]

    def lines(self) -> Iterator[str]:
        """What to know before it is applied, one line for each note; none if nothing changes."""
        if self._is_same:
            return
        if not self.to:
            yield self._untold
            return
        if not self.before:
            yield f"Nexus {self.to}: which release ran on the data volume before is not known, and so not what changes"
            return
        first = "make backup" if self.store.settings.backup else "set backup.location, then make backup"
        yield f"Nexus {self.before} -> {self.to}: going back takes a snapshot of before. First: {first}"
        for note in self.notes:
            keys = tuple(note.concerns(self.store))
            more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
            yield f"  {note.since} {', '.join(keys[:_SHOWN])}{more}: {note.breaks}. First: {note.first} ({note.source})"

    @property
    def _is_same(self) -> bool:
        """Whether the parts that both have are equal: 3.95 may be 3.95.2."""
        one, other = (each.split(".") for each in (self.before, self.to))
        return bool(self.before and self.to) and all(a == b for a, b in zip(one, other, strict=False))

    @property
    def _untold(self) -> str:
        problem = Problem(
            "nexus.image",
            "which Nexus it is cannot be told, so neither a downgrade is refused nor what changes is shown; "
            + (f"{self.before} last ran" if self.before else "nor is it known which one last ran"),
            "an image of a release, like sonatype/nexus3:3.95.2, or nexus.generation beside it",
            setting("nexus.generation", "3.NN"),
            got=repr(self.store.nexus.image),
        )
        return str(problem)

    def _refusal(self, note: Note) -> Problem:
        there = bool(self.before) and not is_older(self.before, note.stop)
        steps = note.first if there else f"{setting('nexus.image', f'IMAGE:{note.stop}')}, make up, then {note.first}"
        return Problem(
            "nexus.image",
            f"{note.since} and newer cannot read the {self.store.embedded} database that {_named(self.before)} left",
            f"{note.stop} until it is migrated",
            f"{steps}: {note.source}",
            got=repr(self.store.nexus.image),
        )


def _named(release: str) -> str:
    return f"Nexus {release}" if release else "an earlier Nexus"
