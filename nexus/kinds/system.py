"""The server's own settings and what it runs."""

from collections.abc import Mapping
from operator import itemgetter
from types import MappingProxyType

from nexus.kinds.kind import Kind, Shape
from nexus.kinds.paths import REMOTE, listed
from nexus.model import Path

_IN_PROPERTIES: Mapping[Path, str] = MappingProxyType(
    {
        ("properties", "repositoryName"): "repository",
        ("properties", "repository"): "repository",
        ("properties", "blobstoreName"): "blobStore",
        ("properties", "blobStoreName"): "blobStore",
    }
)

SYSTEM = {
    "email": Kind(
        token="Email",
        shape=Shape.SETTING,
        section="email",
        after=REMOTE,
        item="/v1/email",
        remove="/v1/email",
        placeholder_keeps=frozenset({("password",)}),
    ),
    "http": Kind(
        token="Http",
        shape=Shape.SETTING,
        section="httpProxy",
        item="/v1/http",
        remove="/v1/http",
        unordered=frozenset({("nonProxyHosts",)}),
    ),
    "iq": Kind(token="IqServer", shape=Shape.SETTING, section="iqServer", after=REMOTE, item="/v1/iq"),
    "capability": Kind(
        token="Capability",
        shape=Shape.COLLECTION,
        section="capabilities",
        refers=_IN_PROPERTIES,
        **listed("/v1/capabilities", "{id}"),
        identity="",
        id_field="id",
        key=itemgetter("type"),
        replaces=frozenset({("type",)}),
    ),
    "task": Kind(
        token="Task",
        shape=Shape.COLLECTION,
        section="tasks",
        after=("email",),
        refers=_IN_PROPERTIES,
        **listed("/v1/tasks", "{id}"),
        page="items",
        id_field="id",
        key=itemgetter("name"),
        nested_fields=MappingProxyType(
            {"frequency": ("schedule", "cronExpression", "recurringDays", "startDate", "timeZoneOffset")}
        ),
        replaces=frozenset({("type",)}),
        # Returned from 3.92 on.
        omitted_in_response=frozenset(
            {"enabled", "alertEmail", "notificationCondition", "properties", "frequency", "concurrentRun"}
        ),
    ),
    "script": Kind(token="Script", shape=Shape.COLLECTION, section="scripts", **listed("/v1/script")),
    "eula": Kind(token="Eula", shape=Shape.AGREEMENT, item="/v1/system/eula"),
    "telemetryAcknowledgement": Kind(
        token="TelemetryAcknowledgement",
        shape=Shape.AGREEMENT,
        section="telemetryAcknowledgement",
        item="/v1/system/mandatory-telemetry-acknowledgement",
    ),
}
