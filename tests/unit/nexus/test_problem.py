"""Every error is one line in one form."""

import pytest

from cli.errors import CommandError
from nexus.problem import Problem


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            Problem("a.b", "out of range", "1 to 3", "edit a.b", "7"),
            "a.b: out of range (got 7; allowed 1 to 3). Fix: edit a.b",
        ),
        (Problem("a.b", "missing", "a number"), "a.b: missing (allowed a number)"),
        (Problem("a.b", "unknown key", fix="remove it"), "a.b: unknown key. Fix: remove it"),
        (Problem("", "no engine answers", got="here"), "no engine answers (got here)"),
        (Problem("a\nb", "unknown\x1b[2K"), "a\\nb: unknown\\x1b[2K"),
    ],
)
def test_empty_parts_are_omitted_and_it_stays_one_line(problem: Problem, line: str) -> None:
    assert str(problem) == line


def test_a_command_prints_several_lines_of_pulumi_as_one() -> None:
    message = str(CommandError("STACK=a", "no such stack\nlook at the backend", fix="make up"))
    assert message == "STACK=a: no such stack look at the backend. Fix: make up"
