"""Messages and results of commands. Standard output carries only results, which programs read."""

import json
import os
import sys
from typing import Any, TextIO

_RED, _PLAIN = "\033[31m", "\033[0m"
_TAKES_AWAY = ("delete ", "deleted ", "replace ", "replaced ")


def say(text: str) -> None:
    """Prints a progress line to standard error."""
    print(text, file=sys.stderr, flush=True)


def json_text(document: Any) -> str:
    """A result for programs; docs/json.md has the shapes."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def takes_away(line: str) -> bool:
    """Whether the line of a deployment is about a deletion or replacement."""
    return line.startswith(_TAKES_AWAY)


def coloured(line: str, stream: TextIO) -> str:
    """The line, in red if it takes something away and the stream is a terminal that wants colours (no-color.org)."""
    plain = not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return line if plain or not takes_away(line) else f"{_RED}{line}{_PLAIN}"
