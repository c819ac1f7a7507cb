"""Tasks."""

from operator import itemgetter
from typing import Any

from nexus.kinds.base import Collection
from nexus.kinds.capability import IN_PROPERTIES
from nexus.kinds.form import Body

_SCHEDULE = ("schedule", "cronExpression", "recurringDays", "startDate", "timeZoneOffset")


class Task(Collection):
    """Answers have the keys of `frequency` at their top level."""

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
