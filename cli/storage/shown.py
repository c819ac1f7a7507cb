"""Formats sizes and times for display."""

from datetime import UTC, datetime

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def size(given: float) -> str:
    """Bytes in the unit in which they have at most four digits."""
    unit = 0
    while abs(given) >= 1024 and unit < len(_UNITS) - 1:
        given, unit = given / 1024, unit + 1
    return f"{given:.0f} {_UNITS[unit]}" if unit == 0 or abs(given) >= 100 else f"{given:.1f} {_UNITS[unit]}"


def change(given: float) -> str:
    return f"{'+' if given >= 0 else '-'}{size(abs(given))}"


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
