"""The preview as Pulumi streams it, one event per line: only this form contains policy violations."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Event = Mapping[str, Any]


def document(lines: Iterable[str]) -> dict[str, Any]:
    """The events as the document that `pulumi preview --json` writes, with the policy violations added.

    Raises:
        json.JSONDecodeError: a line is not JSON.
    """
    events = [json.loads(line) for line in lines if line.strip()]
    return {
        "steps": [_step(metadata) for metadata in _of("resourcePreEvent", events, "metadata")],
        "diagnostics": [found for found in _of("diagnosticEvent", events) if found.get("severity") != "debug"],
        "policies": list(_of("policyEvent", events)),
    }


def _of(kind: str, events: Iterable[Event], key: str = "") -> Iterable[Event]:
    found = (event[kind] for event in events if kind in event)
    return (entry[key] for entry in found) if key else found


def _step(metadata: Event) -> dict[str, Any]:
    step = {"op": metadata["op"], "urn": metadata["urn"], "detailedDiff": metadata.get("detailedDiff")}
    step["diffReasons"] = metadata.get("diffs")
    for key, name in (("old", "oldState"), ("new", "newState")):
        if metadata.get(key):
            step[name] = metadata[key]
    return step
