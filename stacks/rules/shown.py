"""How a message shows a given value: enough to find it, and nothing that could be a secret."""

from collections.abc import Mapping

from nexus.schema.masking import CREDENTIALS_IN_URL, MASK

_LONGEST = 80
_HUGE = 10**_LONGEST


def shown(value: object) -> str:
    """A single value as Python writes it, cut if it is long; the keys of a mapping; the length of a list."""
    if isinstance(value, Mapping):
        return f"a mapping with the keys {', '.join(map(str, value))}" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, str):
        return MASK if "-----BEGIN " in value else brief(repr(CREDENTIALS_IN_URL.sub(MASK, value)))
    return "a huge number" if isinstance(value, int) and abs(value) >= _HUGE else repr(value)


def brief(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
