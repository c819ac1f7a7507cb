"""How a stack file is refused."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import pulumi

from nexus.problem import Problem

REPORTED = 32
"""With this exit code Pulumi's language host adds no message of its own."""


class Refusal(Exception):
    """A stack file that cannot be deployed; one line for each mistake."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def end(text: str) -> NoReturn:
    """Ends the program with the text as its error."""
    pulumi.log.error(text)
    raise SystemExit(REPORTED)


@contextmanager
def exit_on_config_error() -> Iterator[None]:
    """Ends the program with the lines of a refusal and nothing else."""
    try:
        yield
    except Refusal as refusal:
        end(str(refusal))
