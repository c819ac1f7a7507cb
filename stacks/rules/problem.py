"""What is wrong with a stack file, said so that the reader can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake: the key it is at, what was given, what is allowed and what mends it."""

    key: str
    given: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        line = f"{self.key}: {self.given}; allowed: {self.allowed}; remedy: {self.remedy}"
        return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)
