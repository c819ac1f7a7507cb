"""Dates with a time and a zone, in ISO 8601."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo


def problem(text: str) -> str | None:
    return None if parsed(text) else "not allowed"


def parsed(text: str) -> datetime | None:
    """The time that a text with a zone names; None for any other text."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and "T" in text else None


def of_milliseconds(since_1970: float) -> datetime:
    return datetime.fromtimestamp(since_1970 / 1000, UTC)


def to_milliseconds(time: datetime) -> int:
    return (time - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def shown(time: datetime) -> str:
    """To the minute: Nexus keeps no seconds."""
    return time.isoformat(timespec="minutes")


def offset(time: datetime) -> str:
    """The zone's offset in the form of Nexus's requests, like +01:00."""
    return shown(time)[-6:]


def zone(text: object) -> tzinfo | None:
    """The zone of an offset like +01:00; None for anything else."""
    found = parsed(f"2000-01-01T00:00{text}") if isinstance(text, str) else None
    return timezone(found.utcoffset() or timedelta()) if found else None
