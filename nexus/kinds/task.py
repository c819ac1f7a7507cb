"""Tasks."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime, tzinfo
from operator import itemgetter
from typing import Any

from nexus.kinds.base import Collection
from nexus.kinds.capability import IN_PROPERTIES
from nexus.kinds.form import Body
from nexus.model import Path, Ref
from nexus.syntax import date_time

_SCHEDULE = ("schedule", "cronExpression", "recurringDays", "startDate", "timeZoneOffset")
_LAST_DAY = 999
"""The last day of a month in `recurringDays`."""
_OWN = {"assetBlob.cleanup", "repository.cleanup"}
"""Nexus schedules them as soon as a format is used; no request creates or removes them."""


class Task(Collection):
    """Answers have the keys of `frequency` at their top level, and `startDate` as text; requests have milliseconds."""

    def is_own(self, entry: Mapping[str, Any]) -> bool:
        """Servers whose API cannot create tasks list them without a schedule."""
        return super().is_own(entry) or entry.get("type") in _OWN or not entry.get("frequency")

    def from_response(self, found: Any) -> Body | None:
        """The answer without the time at which a cron schedule was made."""
        if found is None:
            return None
        frequency = {key: found[key] for key in _SCHEDULE if key in found}
        if frequency.get("schedule") == "cron":
            frequency.pop("startDate", None)
        return {**found, "frequency": _in_zone(frequency, None) or None}

    def hidden(self, ref: Ref, live: Mapping[str, Any] | None = None) -> frozenset[Path]:
        """Only a cron schedule keeps the zone; for others it only says which day it is where the request comes from."""
        schedule = (live or {}).get("frequency") or {}
        is_cron = schedule.get("schedule") == "cron"
        lost = {"startDate"} if is_cron else {"timeZoneOffset"}
        return super().hidden(ref, live) | {("frequency", key) for key in lost if schedule and not schedule.get(key)}

    def select_declared(self, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
        return super().select_declared(_beside(live, declared), declared)

    def complete(self, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
        return super().complete(_beside(live, declared), declared)

    def described(self, name: str, body: Mapping[str, Any]) -> Any:
        return super().described(name, _with_text(body))

    def canonical(self, body: Any) -> Any:
        """Spellings of the same time are equal, and the days have no order."""
        if not isinstance(body, Mapping) or not isinstance(body.get("frequency"), Mapping):
            return body
        frequency, start, days = body["frequency"], _start(body["frequency"]), body["frequency"].get("recurringDays")
        same: Body = {"startDate": date_time.to_milliseconds(start) // 60_000} if start else {}
        same |= {"recurringDays": sorted(days, key=str)} if isinstance(days, list) else {}
        return {**body, "frequency": {**frequency, **same}}

    def request(self, ref: Ref, body: Mapping[str, Any], *, creates: bool = False) -> Any:
        """The zone of `startDate` is that of the days, unless another one is declared."""
        sent = super().request(ref, body, creates=creates)
        start = _start(sent.get("frequency") or {})
        if start is None:
            return sent
        is_text = isinstance(sent["frequency"]["startDate"], str)
        zone = {"timeZoneOffset": date_time.offset(start)} if is_text else {}
        return {**sent, "frequency": {**zone, **sent["frequency"], "startDate": date_time.to_milliseconds(start)}}


def _start(frequency: Mapping[str, Any]) -> datetime | None:
    match frequency.get("startDate"):
        case str(text):
            return date_time.parsed(text)
        case int(number) | float(number):
            return date_time.of_milliseconds(number)
    return None


def _with_text(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with its start as text: stack files of earlier releases have milliseconds."""
    frequency = body.get("frequency")
    if not isinstance(frequency, Mapping) or isinstance(frequency.get("startDate"), bool | str):
        return body
    start = _start(frequency)
    return {**body, "frequency": {**frequency, "startDate": date_time.shown(start)}} if start else body


def _beside(live: Mapping[str, Any], declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """The current state as it is in the zone of the declaration."""
    there, wanted = live.get("frequency"), declared.get("frequency")
    if not isinstance(there, Mapping) or not isinstance(wanted, Mapping):
        return live
    start = _start(wanted)
    zone = date_time.zone(wanted.get("timeZoneOffset")) or (start.tzinfo if start else None)
    return {**live, "frequency": _in_zone(there, zone)}


def _in_zone(frequency: Mapping[str, Any], zone: tzinfo | None) -> dict[str, Any]:
    """The schedule of an answer with its start and its days as in a zone; they are given in the server's."""
    start = _start(frequency)
    if start is None:
        return dict(frequency)
    there = start.astimezone(zone or start.tzinfo)
    later, days = (there.date() - start.date()).days, frequency.get("recurringDays")
    most = 7 if frequency.get("schedule") == "weekly" else monthrange(start.year, start.month)[1]
    if days and later:
        days = [day if day == _LAST_DAY else (day - 1 + later) % most + 1 for day in days]
    return {**frequency, "startDate": date_time.shown(there), **({"recurringDays": days} if days else {})}


TASK = Task.at(
    "/v1/tasks",
    "{id}",
    token="Task",
    section="tasks",
    after=("email",),
    refers=IN_PROPERTIES,
    page="items",
    id_field="id",
    key=itemgetter("name"),
    replaces=frozenset({("type",)}),
    # Returned from 3.92 on.
    omitted_in_response=frozenset(
        {"enabled", "alertEmail", "notificationCondition", "properties", "frequency", "concurrentRun"}
    ),
)
