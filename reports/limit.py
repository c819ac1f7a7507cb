"""Cuts a report to the size limit of a comment: the diff first, the tables last, always with a note."""

from collections.abc import Iterable

from reports.text import fenced

# GitHub allows 65,536 characters; whatever posts the comment may add some of its own.
LIMIT = 64_000
_ROOM_FOR_WORDS = 400


def fitted(head: Iterable[str], tables: Iterable[list[str]], chart: str, diffs: list[str]) -> str:
    """The report from its parts: the whole head, then as much of the rest as fits."""
    text = "\n\n".join(head)
    for table in tables:
        text = _with_lines(text, table)
    folded = _folded("Topology, with changes marked", fenced("mermaid", [chart])) if chart else ""
    if len(text) + len(folded) + _ROOM_FOR_WORDS <= LIMIT:
        text += folded
    return _with_diff(text, diffs) + "\n"


def _with_lines(text: str, lines: list[str]) -> str:
    if not lines:
        return text
    text += "\n"
    for index, line in enumerate(lines):
        if len(text) + len(line) + _ROOM_FOR_WORDS > LIMIT:
            return (
                f"{text}\n\n{len(lines) - index} more lines are cut here: the report would be too long for a comment."
            )
        text += f"\n{line}"
    return text


def _with_diff(text: str, diffs: list[str]) -> str:
    kept: list[str] = []
    room = LIMIT - len(text) - _ROOM_FOR_WORDS
    for part in diffs:
        room -= len(part) + 2
        if room < 0:
            break
        kept.append(part)
    left = len(diffs) - len(kept)
    note = f"{left} of {len(diffs)} resources are cut from the full diff: the report would be too long for a comment."
    if not kept:
        return f"{text}\n\n{note}" if left else text
    block = fenced("diff", ["\n\n".join(kept)]) + (f"\n\n{note}" if left else "")
    return text + _folded("Full diff", block)


def _folded(title: str, content: str) -> str:
    return f"\n\n<details><summary>{title}</summary>\n\n{content}\n\n</details>"
