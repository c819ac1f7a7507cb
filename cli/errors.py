"""How a command ends that cannot go on: one line on standard error, and no traceback."""


class CommandError(Exception):
    """A problem that the user can fix: `key: problem (got X; allowed Y). Fix: command`."""

    def __init__(
        self, key: str, problem: str, *, got: str = "", allowed: str = "", fix: str = "", code: int = 1
    ) -> None:
        details = "; ".join(part for part in (got and f"got {got}", allowed and f"allowed {allowed}") if part)
        line = f"{key}: {problem}" if key else problem
        line += f" ({details})" if details else ""
        line += f". Fix: {fix}" if fix else ""
        super().__init__(line)
        self.code = code
        """The exit code of the command."""


class Ended(Exception):
    """A child said on standard error already why it failed; the command ends with its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
