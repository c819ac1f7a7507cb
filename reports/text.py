"""Escapes what others have written, so that names, keys, values and messages stay text in a report's Markdown.

A reviewer approves a change by its report, but much of the report comes from elsewhere: names and values of a pull
request, and manual changes in Nexus. All of this must go through `code`, `plain` or `line`.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from reports.fields import Field, Missing

_LONG = 160
_LONGEST_NAME, _LONGEST_MESSAGE = 300, 2000
# How much of a value a table shows.
_SHORT, _ENTRIES = 60, 4
_OF_A_PORT = frozenset({"internal", "external", "ip", "protocol"})
_NO_TEXT = "(empty)"
# Everything that is markup in GitHub's Markdown: within a line, at its start, and as a link.
_MARKS = re.compile(r"([\\`*_\[\]<>&|~$])")
_BLOCK = re.compile(r"^(?:([#+=-])|(\d{1,9})([.)]))")
_LINKS = re.compile(r"(?i)(\bwww|://|@|#(?=\d)|\bgh-(?=\d))")


def line(text: str) -> str:
    """The text on one line; invisible characters are escaped, such as those for control and text direction."""
    return "".join(_seen(character) for character in " ".join(text.split()))


def _seen(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return f"\\u{ord(character):04x}"
    return character


def code(text: str) -> str:
    """An inline code span, also within a table."""
    text = _cut(line(text), _LONGEST_NAME) or _NO_TEXT
    # In a table a backslash escapes the next character even within code, so that `\|` cannot be written there.
    text = re.sub(r"(?<!\\)\|", r"\\|", re.sub(r"(?<=\\)\|", "\u00a6", text))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def plain(text: str) -> str:
    """Escaped text outside of code: no HTML, table cell or link, and no mention of a person or an issue."""
    escaped = _MARKS.sub(r"\\\1", _cut(line(text), _LONGEST_MESSAGE)).replace("\\<", "&lt;").replace("\\&", "&amp;")
    escaped = _BLOCK.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)
    return unlinked(escaped)


def unlinked(text: str) -> str:
    """The text with zero-width spaces, so that nothing in it is a link or mentions a person or an issue."""
    return _LINKS.sub(lambda found: _apart(found[1]), text)


def _apart(mark: str) -> str:
    """The mark with a zero-width space in it, so that it does not begin a link."""
    return f"{mark[0]}\u200b{mark[1:]}" if mark.startswith(":") else f"{mark}\u200b"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def fenced(kind: str, lines: Iterable[str]) -> str:
    """A code block that its content cannot end."""
    block = "\n".join(lines)
    longest = max((len(run) for run in re.findall("`+", block)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{block}\n{fence}"


def value(given: Any) -> str:
    """A field's value on one line."""
    if isinstance(given, Missing):
        return str(given)
    if isinstance(given, str):
        label = re.match(r"-----BEGIN ([A-Z ]+)-----", given)
        if label:
            return f"(PEM {label.group(1).lower()})"
        given = json.dumps(given) if "\n" in given or not given else given
    else:
        given = json.dumps(given, ensure_ascii=False)
    return _cut(line(given), _LONG)


def entry(given: Any) -> str:
    """An entry of a list on one line; a published port as `docker ps` writes it."""
    if isinstance(given, Mapping) and {"internal", "external"} <= given.keys() <= _OF_A_PORT:
        address = f"{given['ip']}:" if given.get("ip") else ""
        return value(f"{address}{given['external']}->{given['internal']}/{given.get('protocol') or 'tcp'}")
    return value(given)


def field(found: Field) -> str:
    """A field for the table: its path, and how its value changes."""
    return code(found.path) + "".join(f" ({change})" for change in (_how(found),) if change)


def _how(found: Field) -> str:
    if found.is_secret:
        return "secret"
    if found.follows:
        return "follows another change"
    if found.is_reordered:
        return "order"
    if found.entries:
        lost, gained = ([code(entry(each)) for each in side] for side in found.entries)
        if len(lost) + len(gained) > _ENTRIES:
            return f"{len(gained)} added, {len(lost)} removed"
        parts = [f"added {', '.join(gained)}"] if gained else []
        return "; ".join([*parts, *([f"removed {', '.join(lost)}"] if lost else [])])
    return _from_to(found.old, found.new)


def _from_to(old: Any, new: Any) -> str:
    if not all(isinstance(side, str | int | float | None) for side in (old, new)):
        return ""
    before, after = (code(_cut(value(side), _SHORT)) for side in (old, new))
    if isinstance(old, Missing):
        return f"now {after}"
    return f"was {before}" if isinstance(new, Missing) else f"{before} to {after}"
