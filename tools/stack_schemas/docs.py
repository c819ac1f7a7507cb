"""What the tables of the docs say of each key of a stack file."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_TABLES = {"docs/settings.md": "", "docs/nginx.md": "nginx.", "docs/topology.md": ""}
"""The pages with a row for each key, and what their rows leave out of it."""
_ROW = re.compile(r"^\| (`.*?) \|(?:.*\|)?([^|]+)\|$", re.MULTILINE)


@cache
def descriptions() -> Mapping[str, str]:
    """By key, like `nginx.rateLimit.loginsPerMinute`: the last column of its row, and the page."""
    return {key: text for page in _TABLES for key, text in _rows(page)}


def _rows(page: str) -> Iterator[tuple[str, str]]:
    for keys, text in _ROW.findall((ROOT / page).read_text(encoding="utf-8")):
        plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text).strip()
        for key in re.findall(r"`([^`]+)`", keys) if plain else ():
            yield f"{_TABLES[page]}{key}", f"{plain} ({page})"
