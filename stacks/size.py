"""Sizes as people write them."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

# Nexus itself refuses less only when it is zero; below this a number was meant in another unit.
SMALLEST = 1_000_000
_POWERS = {unit: 1000**power for power, unit in enumerate(("B", "KB", "MB", "GB", "TB", "PB"))}
_POWERS |= {unit: 1024**power for power, unit in enumerate(("KiB", "MiB", "GiB", "TiB", "PiB"), start=1)}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGTP]?i?B)?")
_ALLOWED = f"a size like 500MB or 10GiB, or a number of bytes; at least {SMALLEST}"


def in_bytes(given: Any) -> int:
    """The number of bytes that a size means.

    Raises:
        ValueError: it is no size, or too small to be one.
    """
    size = _bytes(given)
    if size is None or size < SMALLEST:
        raise ValueError(_ALLOWED)
    return size


def _bytes(given: Any) -> int | None:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    found = _WRITTEN.fullmatch(str(given).strip())
    return int(float(found[1]) * _POWERS[found[2] or "B"]) if found and (found[2] or "B") in _POWERS else None


Bytes = Annotated[int, BeforeValidator(in_bytes)]
