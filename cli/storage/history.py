"""How a store has grown since earlier measurements, which are kept in .local, one per day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.files import write_atomically

_DAY = 24 * 60 * 60
_KEPT = 90
_HOUR = 60 * 60


@dataclass(frozen=True)
class Look:
    """A measurement: the bytes of each blob store, and its time in seconds since 1970."""

    at: float
    sizes: Mapping[str, int]


@dataclass(frozen=True)
class Growth:
    """The growth in bytes: since the previous measurement, and per day."""

    since: float
    by: Mapping[str, int]
    daily: Mapping[str, float]


def growth(looks: list[Look], now: Look) -> Growth | None:
    """The growth since the last measurement, and per day since the oldest; None without one that is an hour old."""
    earlier = [look for look in looks if now.at - look.at >= _HOUR]
    if not earlier:
        return None
    first, last = earlier[0], earlier[-1]
    days = (now.at - first.at) / _DAY
    known = [name for name in now.sizes if name in last.sizes]
    return Growth(
        last.at,
        {name: now.sizes[name] - last.sizes[name] for name in known},
        {name: (now.sizes[name] - first.sizes.get(name, 0)) / days for name in known},
    )


def days_until_full(available: int | None, growth: Growth | None) -> float | None:
    """When the disk that all file blob stores share is full at this rate; None if they do not grow."""
    daily = sum(growth.daily.values()) if growth else 0
    return available / daily if available is not None and daily > 0 else None


def read(path: Path) -> list[Look]:
    try:
        return [Look(float(look["at"]), look["sizes"]) for look in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def keep(path: Path, looks: list[Look], now: Look) -> None:
    """Keeps one measurement per day: a new one replaces that of the same day, except the very first."""
    left = looks[:-1] if len(looks) > 1 and now.at // _DAY == looks[-1].at // _DAY else looks
    kept = [*left, now][-_KEPT:]
    write_atomically(path, json.dumps([{"at": look.at, "sizes": dict(look.sizes)} for look in kept]))
