"""Sizes with a unit, like 10GB."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

# Nexus refuses only zero, but a smaller number than this was probably meant in another unit.
SMALLEST = 1_000_000
# About the largest Java long.
LARGEST = 8 * 10**18
_POWERS = {unit: 1000**power for power, unit in enumerate(("B", "KB", "MB", "GB", "TB", "PB"))}
_POWERS |= {unit: 1024**power for power, unit in enumerate(("KiB", "MiB", "GiB", "TiB", "PiB"), start=1)}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGTP]?i?B)?")
_ALLOWED = f"a size like 10GB (10,000,000,000 bytes) or 10GiB (10,737,418,240), from {SMALLEST} bytes to 8000PB"


def in_bytes(given: Any) -> int:
    """The size in bytes.

    Raises:
        ValueError: it is not a size, or too small or too large.
    """
    size = _bytes(given)
    if size is None or size < SMALLEST:
        raise ValueError(_ALLOWED)
    return size


def _bytes(given: Any) -> int | None:
    if isinstance(given, bool) or not isinstance(given, int | float | str) or _is_huge(given):
        return None
    found = _WRITTEN.fullmatch(str(given).strip())
    if not found or (found[2] or "B") not in _POWERS:
        return None
    size = float(found[1]) * _POWERS[found[2] or "B"]
    return int(size) if size <= LARGEST else None


def _is_huge(given: float | str) -> bool:
    """Whether a number is too large even to be formatted."""
    return not isinstance(given, str) and abs(given) > LARGEST


Size = Annotated[int, BeforeValidator(in_bytes, json_schema_input_type=int | str)]
