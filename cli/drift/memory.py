"""What a webhook was told last, so that it is not told the same each time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cli.drift.webhook import message
from cli.files import write_atomically
from cli.paths import LOCAL
from cli.stack.stack import Stack


@dataclass(frozen=True)
class Memory:
    """In a file; without one nothing was found yet."""

    file: Path
    well: str
    """What is said where nothing differs: not worth a word before something did."""

    @classmethod
    def of(cls, stack: Stack) -> Self:
        return cls(LOCAL / "watch" / f"{stack.name}.txt", message(stack.name, []))

    def is_new(self, said: str) -> bool:
        try:
            return self.file.read_text(encoding="utf-8") != said
        except OSError:
            return said != self.well

    def keep(self, said: str) -> None:
        write_atomically(self.file, said)
