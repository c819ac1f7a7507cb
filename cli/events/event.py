"""The engine events of Pulumi that a command needs, typed; the rest of each is left alone.

Their format is Pulumi's `sdk/go/common/apitype/events.go`: one JSON object a line, in the order in which things happen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

STACK = "pulumi:pulumi:Stack"
_SECRET = "4dabf18193072939515e22adb298388d"  # Pulumi's key of a value that is no plain one


class Phase(Enum):
    """What a step event says of its resource."""

    BEGUN = "resourcePreEvent"
    DONE = "resOutputsEvent"
    FAILED = "resOpFailedEvent"


@dataclass(frozen=True)
class Step:
    """Pulumi begins, ends or fails to do something to one resource."""

    phase: Phase
    operation: str
    """Pulumi's own word: same, create, update, delete, replace, create-replacement, delete-replaced, refresh, ..."""
    urn: str
    type: str
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Of the stack itself, the outputs of the program; secrets are masked."""

    @property
    def name(self) -> str:
        return name_of(self.urn)


@dataclass(frozen=True)
class Message:
    """What the program, a provider or the engine says."""

    severity: str
    """info, info#err, warning, error or debug."""
    text: str
    urn: str = ""
    is_status: bool = False
    """Whether the next one takes its place."""


@dataclass(frozen=True)
class Violation:
    """What a policy has found."""

    policy: str
    urn: str
    text: str
    is_mandatory: bool


@dataclass(frozen=True)
class Summary:
    """The end: how many resources each operation had."""

    changes: Mapping[str, int]


Event = Step | Message | Violation | Summary


def parse(line: str) -> Event | None:
    """The event of a line; None for one that is not needed here.

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
    return Step(phase, metadata["op"], metadata["urn"], metadata["type"], outputs)


def _plain(value: Any) -> Any:
    return "[secret]" if isinstance(value, Mapping) and _SECRET in value else value


def name_of(urn: str) -> str:
    """The resource's own name, the last part of its URN."""
    return urn.rpartition("::")[2]
