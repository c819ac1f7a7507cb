"""One way in which a request body breaks the API's schema."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    path: str  # "docker.httpPort", "group.memberNames[2]", "" for the whole body
    given: object  # "***" for a secret, the key itself for a key that is not known
    allowed: str
    problem: str

    def __str__(self) -> str:
        given = "" if self.given is None else f" (given: {self.given!r})"
        return f"{self.path or 'the request'} {self.problem}{given}; allowed: {self.allowed}"
