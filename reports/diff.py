"""The full diff of a preview as the text of a `diff` block."""

from collections.abc import Iterator

from reports.fields import ABSENT, Field, drifted, intended
from reports.kinds import kind, title
from reports.preview import Change, Operation
from reports.text import entry, line, value
from stacks.secret_names import MASK

_NAME = 300
_PORTS = "ports"
# GitHub colours a line of a diff block by its first character.
_SIGNS = {
    Operation.DELETE: "-",
    Operation.RELEASE: "!",
    Operation.CREATE: "+",
    Operation.ADOPT: "!",
    Operation.IMPORT: "+",
    Operation.REPLACE: "!",
    Operation.UPDATE: "!",
}


def diff(change: Change, project: str) -> str:
    """The change's head line and a line for each field before and after."""
    lines = [f"{_SIGNS[change.operation]} {change.operation.verb} {line(kind(change))} {_short(line(title(change)))}"]
    for field in drifted(change, project):
        mark = "plugin" if field.is_of_plugin else "drift "
        lines += [f"# {mark} {each[2:]}" for each in _lines(field, "applied", "found")]
    for field in intended(change, project):
        lines += _lines(field)
    return "\n".join(lines)


def _lines(field: Field, before: str = "", after: str = "") -> Iterator[str]:
    path = _short(line(field.path))
    if field.is_secret:
        yield f"!     {path}: {MASK}, another value than before or one that is not shown"
    elif field.entries and (_long(field) or field.path == _PORTS):
        lost, gained = field.entries
        yield from (f"-     {path}: {entry(each)}" for each in lost)
        yield from (f"+     {path}: {entry(each)}" for each in gained)
    else:
        if field.old is not ABSENT or before:
            yield f"-     {path}: {value(field.old)}{before and f' ({before})'}"
        if field.new is not ABSENT or after:
            yield f"+     {path}: {value(field.new)}{after and f' ({after})'}"


def _short(text: str) -> str:
    return text if len(text) <= _NAME else f"{text[:_NAME]}..."


def _long(field: Field) -> bool:
    return len(value(field.old)) > 60 or len(value(field.new)) > 60
