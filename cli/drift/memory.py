"""Remembers the last message to a webhook, so that it is not sent again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cli.drift.webhook import message
from cli.files import write_atomically
from cli.paths import LOCAL
from cli.stack.stack import Stack


@dataclass(frozen=True)
class Memory:
    """The last message, in a file; no file means that there was no drift yet."""

    file: Path
    well: str
    """The message without drift; it is not sent before there was any."""

    @classmethod
    def of(cls, stack: Stack) -> Self:
        return cls(LOCAL / "watch" / f"{stack.name}.txt", message(stack.name, []))

    def is_new(self, text: str) -> bool:
        try:
            return self.file.read_text(encoding="utf-8") != text
        except OSError:
            return text != self.well

    def keep(self, text: str) -> None:
        write_atomically(self.file, text)
