"""Tasks."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from nexus.kinds.base import Collection
from nexus.kinds.capability import IN_PROPERTIES
from nexus.kinds.form import Body

_SCHEDULE = ("schedule", "cronExpression", "recurringDays", "startDate", "timeZoneOffset")

_OWN = {"assetBlob.cleanup", "repository.cleanup"}
"""Nexus schedules them as soon as a format is used; no request creates or removes them."""


class Task(Collection):
    """Answers have the keys of `frequency` at their top level."""

    def is_own(self, entry: Mapping[str, Any]) -> bool:
        """Servers whose API cannot create tasks list them without a schedule."""
        return super().is_own(entry) or entry.get("type") in _OWN or not entry.get("frequency")

    def from_response(self, found: Any) -> Body | None:
        if found is None:
            return None
        frequency = {key: found[key] for key in _SCHEDULE if found.get(key) is not None}
        return {**found, "frequency": frequency or None}


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
