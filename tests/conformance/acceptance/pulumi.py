"""Runs a command of Pulumi, and reads the operation on each object from its events."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nexus import model
from tests.integration.provider.play import Failed, Play

Key = tuple[str, str]
"""Kind and name of an object."""
_OBJECT = "pulumi-python:dynamic"


@dataclass(frozen=True)
class Operation:
    """The actual or planned operation on one object."""

    word: str
    """Pulumi's name: same, create, update, delete, replace."""
    fields: frozenset[str] = frozenset()
    """The differing fields of its body."""

    def __str__(self) -> str:
        return f"{self.word} of {', '.join(sorted(self.fields))}" if self.fields else self.word


@dataclass
class Run:
    """How a command ended."""

    operations: dict[Key, Operation] = field(default_factory=dict)
    messages: list[tuple[str, str]] = field(default_factory=list)
    """Errors: a URN, which may be empty, and a message."""
    urns: dict[str, Key] = field(default_factory=dict)
    failure: str = ""
    """Pulumi's whole output if it failed."""

    @property
    def reason(self) -> str:
        """The error, without messages of Pulumi's processes about it."""
        reasons = [text for _, text in self.messages if "Traceback" not in text and "update failed" not in text]
        return " ".join(reasons) or self.failure[-300:]

    def faults(self, key: Key, stack_key: str) -> str:
        """The error of one object, from Pulumi or from the program."""
        return " ".join(text for urn, text in self.messages if self.urns.get(urn) == key or _names(text, stack_key))


def _names(text: str, stack_key: str) -> bool:
    return any(f"{stack_key}{end}" in text for end in (":", "."))


def run(play: Play, command: str, *options: str) -> Run:
    """Runs `up` or `preview`."""
    log = play.folder / "events"
    log.unlink(missing_ok=True)
    words = ["up", "--yes", "--skip-preview", "--continue-on-error"] if command == "up" else ["preview"]
    found = Run()
    try:
        play.pulumi(
            *words, "--stack", "test", *options, "--event-log", str(log), "--color", "never", PULUMI_DEBUG_COMMANDS="1"
        )
    except Failed as failed:
        found.failure = str(failed)
    for document in _events(log):
        _take(found, document)
    return found


def _events(log: Path) -> Iterator[Mapping[str, Any]]:
    if log.exists():
        yield from (json.loads(line) for line in log.read_text().splitlines() if line.strip())


def _take(found: Run, document: Mapping[str, Any]) -> None:
    metadata = document.get("resourcePreEvent", {}).get("metadata", {})
    if metadata.get("op") not in (None, "refresh") and metadata["type"].startswith(_OBJECT):
        old, new = (_inputs(metadata.get(side)) for side in ("old", "new"))
        state = new or old
        if "kind" in state:
            paths = model.changes(old.get("body"), new.get("body")) if old and new else ()
            key = (str(state["kind"]), str(state["name"]))
            found.urns[metadata["urn"]] = key
            if key not in found.operations or metadata["op"] != "same":
                found.operations[key] = Operation(metadata["op"], frozenset(model.dotted(path) for path in paths))
    told = document.get("diagnosticEvent", {})
    if told.get("severity") == "error":
        found.messages.append((str(told.get("urn", "")), str(told.get("message", ""))))


def _inputs(state: Mapping[str, Any] | None) -> Mapping[str, Any]:
    inputs = (state or {}).get("inputs") or {}
    return inputs if isinstance(inputs, Mapping) else {}
