"""The server's own settings and what it runs."""

from operator import itemgetter
from types import MappingProxyType

from nexus.kinds.kind import Kind, Shape

SYSTEM = {
    "email": Kind(token="Email", shape=Shape.SETTING, item="/v1/email", remove="/v1/email"),
    "http": Kind(
        token="Http",
        shape=Shape.SETTING,
        item="/v1/http",
        remove="/v1/http",
        unordered=frozenset({("nonProxyHosts",)}),
    ),
    "iq": Kind(token="IqServer", shape=Shape.SETTING, item="/v1/iq"),
    "capability": Kind(
        token="Capability",
        shape=Shape.COLLECTION,
        create="/v1/capabilities",
        item="/v1/capabilities/{id}",
        remove="/v1/capabilities/{id}",
        listing="/v1/capabilities",
        identity="",
        assigned="id",
        key=itemgetter("type"),
        replaces=frozenset({("type",)}),
    ),
    "task": Kind(
        token="Task",
        shape=Shape.COLLECTION,
        create="/v1/tasks",
        item="/v1/tasks/{id}",
        remove="/v1/tasks/{id}",
        listing="/v1/tasks",
        page="items",
        assigned="id",
        key=itemgetter("name"),
        folded=MappingProxyType(
            {"frequency": ("schedule", "cronExpression", "recurringDays", "startDate", "timeZoneOffset")}
        ),
        replaces=frozenset({("type",)}),
        # Answered from 3.92 on.
        sparse=frozenset(
            {"enabled", "alertEmail", "notificationCondition", "properties", "frequency", "concurrentRun"}
        ),
    ),
    "script": Kind(
        token="Script",
        shape=Shape.COLLECTION,
        create="/v1/script",
        item="/v1/script/{name}",
        remove="/v1/script/{name}",
        listing="/v1/script",
    ),
    "eula": Kind(token="Eula", shape=Shape.AGREEMENT, item="/v1/system/eula"),
    "telemetryAcknowledgement": Kind(
        token="TelemetryAcknowledgement",
        shape=Shape.AGREEMENT,
        item="/v1/system/mandatory-telemetry-acknowledgement",
    ),
}
