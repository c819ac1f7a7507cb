"""The usage that the Community Edition limits, by the server's own count (from 3.92 on), and its forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from nexus.errors import NotFound, Rejected
from nexus.http.listing import Api
from nexus.schema.release import is_older

WARN_FROM = 0.8
_CUT = "3.87"
_SOON = 365


@dataclass(frozen=True)
class Limits:
    """Above them Nexus accepts nothing new until the count is below them again."""

    requests: int
    """To /repository/*, of all clients, in 24 hours."""
    components: int


def limits(version: str) -> Limits:
    """The limits of a release, like 3.95.2; Sonatype lowered them with 3.87 (sonatype/nexus-public#883)."""
    old = bool(version) and is_older(version, _CUT)
    return Limits(200_000, 100_000) if old else Limits(100_000, 40_000)


@dataclass(frozen=True)
class Point:
    day: date
    value: int


def history(api: Api, metric: str) -> list[Point] | None:
    """The server's daily counts, oldest first, ending with today's so far; None if it does not report them."""
    try:
        answer: Mapping[str, Any] = api.get("/v1/usage-history", metric=metric, period="daily")
    except (NotFound, Rejected):
        return None
    return [Point(date.fromisoformat(str(each["date"])), int(each.get("value") or 0)) for each in answer["data"] or ()]


def last_24_hours(points: Sequence[Point], now: datetime) -> int:
    """Today so far, plus yesterday's share of the last 24 hours, assuming an even rate."""
    by_day = {point.day: point.value for point in points}
    begun = now.astimezone(UTC)
    passed = (begun - begun.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(days=1)
    yesterday = by_day.get(begun.date() - timedelta(days=1), 0)
    return by_day.get(begun.date(), 0) + round(yesterday * (1 - passed))


def exceeded_on(points: Sequence[Point], limit: int) -> date | None:
    """The day on which the straight line through the points reaches the limit; None if that is not within a year."""
    if len(points) < 2:
        return None
    days = [(point.day - points[0].day).days for point in points]
    middle, mean = sum(days) / len(days), sum(point.value for point in points) / len(points)
    spread = sum((day - middle) ** 2 for day in days)
    slope = sum((day - middle) * (point.value - mean) for day, point in zip(days, points, strict=True)) / spread
    if slope <= 0:
        return None
    left = (limit - mean) / slope + middle - days[-1]
    return points[-1].day + timedelta(days=max(0, round(left))) if left <= _SOON else None


def warnings(used: Mapping[str, int], granted: Limits) -> list[str]:
    """A sentence for each limit of which 80 % or more is used; by requests and components."""
    of = {"requests": granted.requests, "components": granted.components}
    what = {"requests": "requests in 24 hours", "components": "components"}
    return [
        f"{count} of the {of[metric]} {what[metric]} that the Community Edition grants "
        f"are used ({count / of[metric]:.0%})"
        for metric, count in used.items()
        if count >= WARN_FROM * of[metric]
    ]
