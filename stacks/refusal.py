"""The one way in which a stack file is turned down."""

from collections.abc import Sequence

from pulumi import RunError

from stacks.problem import Problem


class Refusal(RunError):
    """A stack file that cannot be deployed; one line for each mistake, no traceback.

    Pulumi prints the text of a RunError and ends the program; nothing has been registered by then.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
