"""Checks of a stack file before Pulumi reads it.

They refuse what Pulumi would refuse in its own words, misread, or silently ignore.
"""

from pathlib import Path

from nexus.problem import Problem
from stacks.plain_yaml import NotPlain, plain


def problems(file: Path) -> list[Problem]:
    """The mistakes in a stack file; none if there is no file."""
    if not file.exists():
        return []
    try:
        document = plain(file.read_text(encoding="utf-8-sig"))
    except NotPlain as error:
        where = f" (line {error.line})" if error.line else ""
        return [_unread(f"{file}{where}", error.problem)]
    except (UnicodeDecodeError, OSError):
        return [_unread(str(file), "not UTF-8 text")]
    from stacks.rules import stack_file_rules  # slow: loads the schema

    return list(stack_file_rules.problems(document, str(file)))


def _unread(where: str, problem: str) -> Problem:
    return Problem(where, problem, "a stack file, as pulumi config set writes it", "edit it")
