"""Versions of other programs, as they print them."""

import re


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, like (3, 260, 0) of v3.260.0; empty if there are none."""
    found = re.search(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()
