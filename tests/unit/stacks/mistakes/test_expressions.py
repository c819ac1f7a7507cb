"""Mistakes in content selectors, regular expressions, cleanup policies and schedules."""

from typing import Any

import pytest

from tests.unit.stacks.mistakes.refused import Wrong, is_one_line


def cron(expression: str) -> dict[str, Any]:
    frequency = {"schedule": "cron", "cronExpression": expression}
    return {"tasks": {"t": {"type": "repository.purge-unused", "frequency": frequency}}}


WRONG: dict[str, Wrong] = {
    "criterion that no policy for all formats has": (
        {"cleanupPolicies": {"old": {"format": "*", "criteriaAssetRegex": ".*"}}},
        "cleanupPolicies.old.criteriaAssetRegex: a policy for all formats cannot have it",
        "criteriaLastBlobUpdated, criteriaLastDownloaded). Fix: remove it, or give the policy one format",
    ),
    "criterion of other formats": (
        {"cleanupPolicies": {"old": {"format": "raw", "criteriaReleaseType": "RELEASES"}}},
        "cleanupPolicies.old.criteriaReleaseType: a policy for the format raw cannot have it",
        "criteriaReleaseType for maven2, npm, yum",
    ),
    "selector that is cut short": (
        {"contentSelectors": {"a": {"expression": 'format == "raw" and'}}},
        """contentSelectors.a.expression: ends where format, path or a text in quotes""",
        "edit contentSelectors.a.expression",
    ),
    "selector that negates": (
        {"contentSelectors": {"a": {"expression": 'not path =^ "/x"'}}},
        "uses 'not', but Nexus knows only format and path: only != and (?!...) can negate",
        "edit contentSelectors.a.expression",
    ),
    "selector with half a regular expression": (
        {"contentSelectors": {"a": {"expression": 'path =~ "/org/[a-z"'}}},
        "has a regular expression that has a character class [ that is not closed",
        "edit contentSelectors.a.expression",
    ),
    "rule with half a regular expression": (
        {"routingRules": {"a": {"matchers": ["^/org/(domain/.*"]}}},
        "routingRules.a.matchers[0]: has a group that is not closed",
        "a Java regular expression, like ^/org/domain/.*",
    ),
    "rule as a shell writes it": (
        {"routingRules": {"a": {"matchers": ["*.jar"]}}},
        "routingRules.a.matchers[0]: has '*' with nothing before it to repeat",
        "a Java regular expression",
    ),
    "rule of Python": (
        {"routingRules": {"a": {"matchers": ["(?P<x>a)"]}}},
        "has a group after (? of a kind that Java does not know",
        "a Java regular expression",
    ),
    "policy with half a regular expression": (
        {"cleanupPolicies": {"old": {"format": "raw", "criteriaAssetRegex": "a{2,1}"}}},
        "cleanupPolicies.old.criteriaAssetRegex: has the impossible repetition {2,1}",
        "a Java regular expression",
    ),
    "cron of crontab": (
        cron("0 2 * * *"),
        "tasks.t.frequency.cronExpression: has 5 fields where Quartz wants 6, or 7 with a year",
        "like 0 0 2 * * ?",
    ),
    "cron without a question mark": (
        cron("0 0 2 * * *"),
        "has both a day of month and a day of week: use ? for the one that does not matter",
        "like 0 0 2 * * ?",
    ),
    "cron with an hour that no day has": (cron("0 0 25 * * ?"), "has '25' as the hour", "like 0 0 2 * * ?"),
    "cron with a step of crontab": (
        cron("0 0 2 */5 * ?"),
        "has '*/5' as the day of month, where Quartz wants a start value before the slash, like 1/5",
        "like 0 0 2 * * ?",
    ),
    "cron with a small name": (
        cron("0 0 2 ? * mon"),
        "has 'mon' as the day of week, where the names are written in capital letters",
        "like 0 0 2 * * ?",
    ),
    "cron in words": (cron("@daily"), "has 1 fields where Quartz wants 6", "like 0 0 2 * * ?"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_fix(mistake: str) -> None:
    is_one_line(WRONG[mistake])
