"""Values and names as text that cannot break the Markdown around it."""

import json
import re
from typing import Any

from reports.fields import Field, Missing

_LONG = 160


def code(text: str) -> str:
    """An inline code span, also within a table."""
    text = " ".join(text.split()).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def plain(text: str) -> str:
    """Text of others outside of code: no HTML, no table cell, no mention of a person."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return re.sub(r"(^|\s)@(?=\w)", "\\1@\u200b", re.sub(r"([*_\[\]`])", r"\\\1", text))


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
    return given if len(given) <= _LONG else f"{given[:_LONG]}... ({len(given)} characters)"


def field(found: Field) -> str:
    """A field for the table: its path and what is special about the way in which it changes."""
    notes = {
        "secret": found.is_secret,
        "order": found.is_reordered,
        "follows another change": found.follows,
    }
    said = [note for note, holds in notes.items() if holds]
    return code(found.path) + (f" ({', '.join(said)})" if said else "")
