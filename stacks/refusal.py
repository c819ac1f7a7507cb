"""The one way in which a stack file is turned down."""

from collections.abc import Sequence

from stacks.problem import Problem


class Refusal(Exception):
    """A stack file that cannot be deployed; one line for each mistake."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
