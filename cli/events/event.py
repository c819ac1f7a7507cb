"""The engine events of Pulumi that the commands need, with the fields that they use.

The format is Pulumi's `sdk/go/common/apitype/events.go`: one JSON object per line, in chronological order.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from reports.kinds import described
from reports.preview import SIGNATURE, differing, meant
from stacks.secret_names import MASK

STACK = "pulumi:pulumi:Stack"
_COUNTDOWN = re.compile(r", -?\d+ s left$")  # as report_waiting in components/scripts/container.sh prints it


class Phase(Enum):
    """The kind of a step event."""

    BEGUN = "resourcePreEvent"
    DONE = "resOutputsEvent"
    FAILED = "resOpFailedEvent"


@dataclass(frozen=True)
class Step:
    """An operation on one resource begins, ends or fails."""

    phase: Phase
    operation: str
    """Pulumi's name: same, create, update, delete, replace, create-replacement, delete-replaced, refresh, ...

    `adopt` and `release` for a create and a delete that leave the object itself on the server.
    """
    urn: str
    type: str
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """The program's outputs, in the step of the stack itself; secrets are masked."""
    differs: bool = False
    """Whether an adopted object is changed on the server."""

    @property
    def name(self) -> str:
        return name_of(self.urn)

    @property
    def title(self) -> str:
        return title_of(self.urn)


@dataclass(frozen=True)
class Message:
    """A message of the program, a provider or the engine."""

    severity: str
    """info, info#err, warning, error or debug."""
    text: str
    urn: str = ""
    is_status: bool = False
    """Whether the next one replaces it."""

    @property
    def is_of_script(self) -> bool:
        """Whether a script of a command says it, for which the plugin only has status messages; not its countdowns."""
        return "command:" in self.urn.rpartition("::")[0] and not _COUNTDOWN.search(self.text)


@dataclass(frozen=True)
class Violation:
    """A violation of a policy."""

    policy: str
    urn: str
    text: str
    is_mandatory: bool


@dataclass(frozen=True)
class Summary:
    """The last event: the number of resources of each operation."""

    changes: Mapping[str, int]


Event = Step | Message | Violation | Summary


def parse(line: str) -> Event | None:
    """The event of a line; None for an event that is not needed.

    Raises:
        ValueError: the line is not JSON.
    """
    document = json.loads(line)
    for phase in Phase:
        if phase.value in document:
            return _step(phase, document[phase.value]["metadata"])
    if found := document.get("diagnosticEvent"):
        text = str(found.get("message", "")).strip()
        return (
            Message(str(found["severity"]), text, found.get("urn", ""), bool(found.get("ephemeral"))) if text else None
        )
    if found := document.get("policyEvent"):
        lines = str(found.get("message", "")).strip().splitlines()  # the first one is the policy's own description
        text = " ".join(lines[1:] or lines)
        mandatory = found.get("enforcementLevel") == "mandatory"
        return Violation(str(found.get("policyName", "")), found.get("resourceUrn", ""), text, mandatory)
    if found := document.get("summaryEvent"):
        return Summary(found.get("resourceChanges") or {})
    return None


def _step(phase: Phase, metadata: Mapping[str, Any]) -> Step:
    outputs = {}
    if phase is Phase.DONE and metadata["type"] == STACK and metadata["op"] != "refresh":
        outputs = {key: _plain(value) for key, value in ((metadata.get("new") or {}).get("outputs") or {}).items()}
    old, new = metadata.get("old"), metadata.get("new")
    operation = meant(metadata["op"], metadata["type"], old, new)
    differs = operation == "adopt" and bool(differing((new or {}).get("inputs") or {}))
    return Step(phase, operation, metadata["urn"], metadata["type"], outputs, differs)


def _plain(value: Any) -> Any:
    return MASK if isinstance(value, Mapping) and SIGNATURE in value else value


def title_of(urn: str) -> str:
    """The resource as a user knows it."""
    return described(urn.split("::")[2].rpartition("$")[2], name_of(urn)) if urn.count("::") > 2 else urn


def name_of(urn: str) -> str:
    """The resource's name, which is the last part of its URN."""
    return urn.rpartition("::")[2]
