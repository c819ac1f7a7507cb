"""Checks of the small languages in fields of requests. Each returns what is wrong with a text, or None.

A text that cannot be judged here passes: the server decides.
"""

from collections.abc import Callable, Mapping

from nexus.syntax import cron, csel, date_time, java_regex

PROBLEMS: Mapping[str, Callable[[str], str | None]] = {
    "cron": cron.problem,
    "csel": csel.problem,
    "dateTime": date_time.problem,
    "javaRegex": java_regex.problem,
}
"""By the value of `syntax` in the request schema."""

TEXTS: Mapping[str, str] = {
    "cron": "a Quartz cron expression: second, minute, hour, day of month, month, day of week, like 0 0 2 * * ?",
    "csel": 'format and path with ==, !=, =^ or =~, joined by and, or, like format == "raw" and path =^ "/org/"',
    "dateTime": "a date with time and zone, like 2026-01-31T02:00+01:00",
    "javaRegex": "a Java regular expression, like ^/org/domain/.*",
}
"""What is allowed, for an error message."""
