"""One violation of the API's schema by a request body."""

from __future__ import annotations

from dataclasses import dataclass

from nexus.problem import Problem

MISSING = "missing"
"""The problem of a required field that is absent."""


@dataclass(frozen=True)
class Violation:
    path: str  # "docker.httpPort", "group.memberNames[2]", "" for the whole body
    given: object  # "***" for a secret, the key itself for an unknown key
    allowed: str
    problem: str

    def __str__(self) -> str:
        return str(Problem(self.path or "the request", self.problem, self.allowed, got=self.got))

    @property
    def got(self) -> str:
        """The given value as a Python literal; empty if there was none."""
        return "" if self.given is None else repr(self.given)
