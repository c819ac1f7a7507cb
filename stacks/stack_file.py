"""What is wrong with a stack file before Pulumi reads it.

What Pulumi would refuse in its own words, read in another way, or pass over in silence, is refused here first.
"""

from pathlib import Path

from nexus.problem import Problem
from stacks.plain_yaml import NotPlain, plain


def problems(file: Path) -> list[Problem]:
    """What is wrong with the file of a stack before Pulumi reads it; nothing where there is no file."""
    if not file.exists():
        return []
    try:
        document = plain(file.read_text(encoding="utf-8-sig"))
    except NotPlain as error:
        where = f" (line {error.line})" if error.line else ""
        return [_unread(f"{file}{where}", error.problem)]
    except (UnicodeDecodeError, OSError):
        return [_unread(str(file), "not a text in UTF-8")]
    from stacks.rules import stack_file_rules  # only a file that can be read pays for loading the schema

    return list(stack_file_rules.problems(document, str(file)))


def _unread(where: str, problem: str) -> Problem:
    return Problem(where, problem, "a stack file, as pulumi config set writes it", "edit it")
