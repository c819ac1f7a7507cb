"""The schedule of a task in the stack file, in requests and in answers."""

from typing import Any

import pytest

from nexus import schema
from nexus.kinds import KINDS
from nexus.model import Ref

TASK, REF = KINDS["task"], Ref("task", "nightly")
COMPACT = {"type": "blobstore.compact", "enabled": True, "notificationCondition": "FAILURE"}


def body(**frequency: Any) -> dict[str, Any]:
    return {**COMPACT, "frequency": frequency}


def answered(**schedule: Any) -> dict[str, Any]:
    shown = dict.fromkeys(("cronExpression", "recurringDays", "startDate", "timeZoneOffset")) | schedule
    return TASK.from_response({**COMPACT, "id": "1", "name": "nightly", **shown}) or {}


def problems(task: dict[str, Any]) -> list[str]:
    return [f"{each.path} {each.allowed}" for each in schema.violations("task", TASK.described("nightly", task))]


@pytest.mark.parametrize("start", ["2027-01-31T02:00+01:00", "2027-01-31T01:00:00Z", 1801357200000])
def test_a_daily_task_is_declared_with_a_date_and_sent_with_milliseconds(start: Any) -> None:
    daily = body(schedule="daily", startDate=start)
    assert problems(daily) == []
    assert TASK.request(REF, daily)["frequency"]["startDate"] == 1801357200000
    live = answered(schedule="daily", startDate="2027-01-31T01:00:00.000+00:00")
    assert TASK.differing(REF, live, daily) == []
    later = answered(schedule="daily", startDate="2027-01-31T01:01:00.000+00:00")
    assert TASK.differing(REF, later, daily) == ["frequency.startDate"]


@pytest.mark.parametrize("start", ["tomorrow", "2027-01-31", "2027-01-31T02:00", True])
def test_a_start_without_time_or_zone_is_refused(start: Any) -> None:
    allowed = "a date with time and zone, like 2026-01-31T02:00+01:00"
    (problem,) = problems(body(schedule="daily", startDate=start))
    assert problem.startswith(f"frequency.startDate {allowed}")


def test_the_zone_of_the_start_is_sent_unless_another_one_is_declared() -> None:
    start = "2027-01-31T02:00+01:00"
    assert TASK.request(REF, body(schedule="daily", startDate=start))["frequency"]["timeZoneOffset"] == "+01:00"
    other = body(schedule="daily", startDate=start, timeZoneOffset="+02:00")
    assert TASK.request(REF, other)["frequency"]["timeZoneOffset"] == "+02:00"
    assert "timeZoneOffset" not in TASK.request(REF, body(schedule="daily", startDate=1801357200000))["frequency"]


@pytest.mark.parametrize(
    ("schedule", "start", "days", "there", "stored"),
    [
        ("weekly", "2027-02-01T00:30+01:00", [2, 7], "2027-01-31T23:30:00.000+00:00", [6, 1]),  # Sunday evening in UTC
        ("weekly", "2027-01-31T22:00-05:00", [7], "2027-02-01T03:00:00.000+00:00", [1]),
        ("monthly", "2027-03-01T00:30+01:00", [1, 15, 999], "2027-02-28T23:30:00.000+00:00", [28, 14, 999]),
        ("weekly", "2027-02-01T12:00+01:00", [2], "2027-02-01T11:00:00.000+00:00", [2]),
    ],
)
def test_days_are_compared_in_the_zone_of_the_stack_file(
    schedule: str, start: str, days: list[int], there: str, stored: list[int]
) -> None:
    task = body(schedule=schedule, startDate=start, recurringDays=days)
    live = answered(schedule=schedule, startDate=there, recurringDays=stored)
    assert TASK.differing(REF, live, task) == []
    assert TASK.request(REF, TASK.complete(live, {**COMPACT, "alertEmail": "a@b.test"}))["frequency"] == {
        "schedule": schedule,
        "startDate": TASK.request(REF, task)["frequency"]["startDate"],
        "timeZoneOffset": "+00:00",
        "recurringDays": stored,
    }


def test_what_the_server_does_not_keep_of_a_schedule_is_no_drift() -> None:
    """A cron schedule starts when it is made, and other schedules have no zone afterwards."""
    cron = body(schedule="cron", cronExpression="0 0 2 * * ?", timeZoneOffset="+01:00")
    made = answered(
        schedule="cron",
        cronExpression="0 0 2 * * ?",
        timeZoneOffset="+01:00",
        startDate="2026-12-03T07:16:49.298+00:00",
    )
    assert TASK.differing(REF, made, cron) == []
    assert "startDate" not in TASK.declarable(REF, made)["frequency"]
    moved = answered(schedule="cron", cronExpression="0 0 2 * * ?", timeZoneOffset="+05:00")
    assert TASK.differing(REF, moved, cron) == ["frequency.timeZoneOffset"]
    daily = body(schedule="daily", startDate="2027-01-31T02:00+01:00", timeZoneOffset="+01:00")
    assert TASK.differing(REF, answered(schedule="daily", startDate="2027-01-31T01:00:00.000+00:00"), daily) == []
    assert TASK.differing(REF, answered(schedule="manual"), daily) == ["frequency.schedule", "frequency.startDate"]
