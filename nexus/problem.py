"""The format of every problem that a user has to fix."""

from dataclasses import dataclass

from nexus.advice import pasteable


@dataclass(frozen=True)
class Problem:
    """One mistake, shown as `key: problem (got X; allowed Y). Fix: command`; empty parts are left out.

    The key is one of the declaration, or the name of an option, a file or a stack. The text is always a single line,
    even if a value in it has line breaks, and its commands can be pasted.
    """

    key: str
    problem: str
    allowed: str = ""
    fix: str = ""
    got: str = ""

    def __str__(self) -> str:
        details = "; ".join(
            part for part in (self.got and f"got {self.got}", self.allowed and f"allowed {self.allowed}") if part
        )
        line = f"{self.key}: {self.problem}" if self.key else self.problem
        line += f" ({details})" if details else ""
        line += f". Fix: {self.fix}" if self.fix else ""
        return pasteable("".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line))
