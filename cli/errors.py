"""How a failing command ends: with one line on standard error, and no traceback."""

from collections.abc import Sequence

from nexus.problem import Problem


class CommandError(Exception):
    """A problem that the user can fix: `key: problem (got X; allowed Y). Fix: command`."""

    def __init__(
        self, key: str, problem: str, *, got: str = "", allowed: str = "", fix: str = "", code: int = 1
    ) -> None:
        super().__init__(str(Problem(key, " ".join(problem.splitlines()), allowed, fix, got)))
        self.code = code
        """The exit code of the command."""


class InvalidStackFile(CommandError):
    """The mistakes of a stack file, one line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        Exception.__init__(self, "\n".join(map(str, problems)))
        self.code = 1


class Ended(Exception):
    """A child process failed and has printed the reason; the command ends with its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
