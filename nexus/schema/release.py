"""Compares server versions by minor release, as the schema does."""

from __future__ import annotations

import re


def is_older(one: str, other: str) -> bool:
    return _minor(one) < _minor(other)


def _minor(release: str) -> tuple[int, int]:
    numbers = re.match(r"(\d+)\.(\d+)", release)
    if numbers is None:
        raise ValueError(f"server version {release!r} is not of the form 3.90 or 3.90.3-01")
    return int(numbers[1]), int(numbers[2])
