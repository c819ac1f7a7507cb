"""The server's own settings and what it runs."""

from collections.abc import Mapping
from operator import itemgetter
from types import MappingProxyType

from nexus.kinds.base import Agreement, Collection, Setting
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
    "email": Setting(
        token="Email",
        section="email",
        after=REMOTE,
        item="/v1/email",
        remove="/v1/email",
        placeholder_keeps=frozenset({("password",)}),
    ),
    "http": Setting(
        token="Http",
        section="httpProxy",
        item="/v1/http",
        remove="/v1/http",
        unordered=frozenset({("nonProxyHosts",)}),
    ),
    "iq": Setting(token="IqServer", section="iqServer", after=REMOTE, item="/v1/iq"),
    "capability": Collection(
        token="Capability",
        section="capabilities",
        refers=_IN_PROPERTIES,
        **listed("/v1/capabilities", "{id}"),
        identity="",
        id_field="id",
        key=itemgetter("type"),
        replaces=frozenset({("type",)}),
    ),
    "task": Collection(
        token="Task",
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
    "script": Collection(token="Script", section="scripts", **listed("/v1/script")),
    "eula": Agreement(token="Eula", item="/v1/system/eula"),
    "telemetryAcknowledgement": Agreement(
        token="TelemetryAcknowledgement",
        section="telemetryAcknowledgement",
        item="/v1/system/mandatory-telemetry-acknowledgement",
    ),
}
