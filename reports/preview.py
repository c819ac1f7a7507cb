"""The output of `pulumi preview --json`, without the parts that do not concern the store."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self

from stacks.layout import NEXUS_TYPES
from stacks.secret_names import MASK

Bag = Mapping[str, Any]

# The key by which the engine marks special values, which in a preview are only secrets.
SIGNATURE = "4dabf18193072939515e22adb298388d"


class NotAPreview(ValueError):
    """The text is not the output of `pulumi preview --json`."""


class Operation(Enum):
    """What `up` does to a resource; the order is that of the report."""

    DELETE = "delete"
    REPLACE = "replace"
    RELEASE = "release"
    """It leaves the stack and stays on the server."""
    UPDATE = "update"
    ADOPT = "adopt"
    """It was on the server before."""
    CREATE = "create"
    IMPORT = "import"
    SAME = "same"

    @property
    def verb(self) -> str:
        return "stop managing" if self is Operation.RELEASE else self.value

    @property
    def done(self) -> str:
        """The verb, once it has happened."""
        past = {Operation.RELEASE: "stopped managing", Operation.SAME: "unchanged"}
        return past.get(self) or f"{self.value.removesuffix('e')}ed"


# Pulumi's names for each operation, and those of `meant`; a replacement has up to three steps.
OPERATIONS = {
    "create": Operation.CREATE,
    "update": Operation.UPDATE,
    "delete": Operation.DELETE,
    "adopt": Operation.ADOPT,
    "release": Operation.RELEASE,
    "import": Operation.IMPORT,
    "same": Operation.SAME,
    "replace": Operation.REPLACE,
    "create-replacement": Operation.REPLACE,
    "delete-replaced": Operation.REPLACE,
    "import-replacement": Operation.REPLACE,
}


def meant(operation: str, type_: str, old: Bag | None, new: Bag | None) -> str:
    """Pulumi's name of a step's operation; `adopt` and `release` for a create and a delete that do neither."""
    if type_.startswith(NEXUS_TYPES):
        if operation == "create" and ((new or {}).get("inputs") or {}).get("adopted") is True:
            return Operation.ADOPT.value
        if operation == "delete" and _stays((old or {}).get("inputs") or {}):
            return Operation.RELEASE.value
    return operation


def _stays(inputs: Bag) -> bool:
    from nexus.kinds import KINDS  # late, since only a removal needs it

    kind = KINDS.get(inputs.get("kind", ""))
    return kind is not None and kind.stays(inputs)


def differing(inputs: Bag) -> dict[str, Any]:
    """The fields of an adopted object that `up` changes, with their values on the server."""
    found = inputs.get("differing")
    return dict(json.loads(found)) if isinstance(found, str) else {}


def in_words(counts: Mapping[Operation, int], changed: int, *, done: bool = False) -> str:
    """How many resources each operation has: `adopt 55, change 0, create 2`, or `adopted 55, changed 0, created 2`.

    `changed` of those that are adopted differ from what is declared.
    """
    words = []
    for operation in Operation:
        if operation is not Operation.SAME and (count := counts.get(operation, 0)):
            words.append(f"{operation.done if done else operation.verb} {count}")
            if operation is Operation.ADOPT:
                words.append(f"{'changed' if done else 'change'} {changed}{' of them' if changed else ''}")
    return ", ".join(words)


@dataclass(frozen=True)
class State:
    """A resource before or after the change."""

    inputs: Bag
    outputs: Bag
    retained: bool = False
    differing: Bag = field(default_factory=dict)
    """Of an adopted object: the fields that `up` changes, with their values on the server."""

    @classmethod
    def of(cls, given: Bag | None) -> "State | None":
        if given is None:
            return None
        inputs = dict(_cleaned(given.get("inputs") or {}))
        theirs = differing(inputs)
        for of_provider in ("differing", "undeclared"):
            inputs.pop(of_provider, None)
        return cls(inputs, _cleaned(given.get("outputs") or {}), bool(given.get("retainOnDelete")), theirs)


@dataclass(frozen=True)
class Change:
    """One resource of the preview.

    `known` is the resource in the state before the refresh; None without a refresh or for a new resource.
    """

    operation: Operation
    type: str
    name: str
    old: State | None
    new: State | None
    known: State | None
    differing: tuple[str, ...] = ()
    """The properties that differ according to the resource's provider."""

    @property
    def state(self) -> State:
        return self.new or self.old or State({}, {})


@dataclass(frozen=True)
class Violation:
    """A policy violation; a mandatory one stops `up`."""

    policy: str
    resource: str
    message: str
    mandatory: bool


@dataclass(frozen=True)
class Preview:
    """The changes, each with its final operation, whatever steps the engine takes before."""

    project: str
    stack: str
    changes: tuple[Change, ...]
    diagnostics: tuple[tuple[str, str], ...]
    """Severity and message, as Pulumi printed them."""
    refreshed: bool
    violations: tuple[Violation, ...] = ()

    @classmethod
    def parse(cls, document: Any) -> Self:
        """Reads the document.

        Raises:
            NotAPreview: it has no steps and no diagnostics.
        """
        if not isinstance(document, Mapping) or not {"steps", "diagnostics"} & document.keys():
            raise NotAPreview("the JSON has neither steps nor diagnostics")
        steps = document.get("steps") or []
        known = {step["urn"]: State.of(step.get("oldState")) for step in steps if step["op"] == "refresh"}
        final = _final_steps(steps, known)
        urns = list(final)
        stack, project = (urns[0].split("::")[0].split(":")[-1], urns[0].split("::")[1]) if urns else ("", "")
        messages = document.get("diagnostics") or []
        return cls(
            project,
            stack,
            tuple(_change(step, known.get(urn)) for urn, step in final.items()),
            tuple((str(entry.get("severity", "")), str(entry.get("message", ""))) for entry in messages),
            refreshed=bool(known),
            violations=tuple(dict.fromkeys(map(_violation, document.get("policies") or ()))),
        )

    @property
    def failed(self) -> bool:
        """Whether Pulumi could not determine what `up` would do; after a mere policy violation it could."""
        return any(severity == "error" for severity, _ in self.diagnostics) and not self.forbidden

    @property
    def forbidden(self) -> bool:
        return any(violation.mandatory for violation in self.violations)


def _final_steps(steps: Sequence[Bag], known: Iterable[str]) -> dict[str, Bag]:
    """The final step of each resource, in the order in which the engine first mentions it."""
    final: dict[str, Bag] = {urn: {"op": "same", "oldState": None, "urn": urn} for urn in known}
    for step in steps:
        if step["op"] == "refresh":
            final[step["urn"]] = {**step, "op": "same"}
    for step in steps:
        if step["op"] in OPERATIONS and not _is_part_of_replacement(step, final.get(step["urn"])):
            final[step["urn"]] = step
    return final


def _is_part_of_replacement(step: Bag, before: Bag | None) -> bool:
    return before is not None and before["op"] == "replace" and OPERATIONS[step["op"]] is Operation.REPLACE


def _change(step: Bag, known: State | None) -> Change:
    types, name = step["urn"].split("::", 2)[2].split("::", 1)
    type_ = types.split("$")[-1]
    operation = OPERATIONS[meant(step["op"], type_, step.get("oldState"), step.get("newState"))]
    return Change(
        Operation.CREATE if operation is Operation.ADOPT and known else operation,  # it is gone from the server
        type_,
        name,
        State.of(step.get("oldState")),
        State.of(step.get("newState")),
        known,
        tuple(dict.fromkeys((*(step.get("detailedDiff") or ()), *(step.get("diffReasons") or ())))),
    )


def _violation(event: Bag) -> Violation:
    """Leaves out the first line of the message: the policy's description, which repeats its name."""
    lines = str(event.get("message", "")).strip().splitlines()
    return Violation(
        str(event.get("policyName", "")),
        str(event.get("resourceUrn", "")).split("::")[-1],
        " ".join(lines[1:] or lines),
        event.get("enforcementLevel") == "mandatory",
    )


def _cleaned(value: Any) -> Any:
    """A value without secrets and without the engine's internal keys, which start with two underscores."""
    if isinstance(value, Mapping):
        if SIGNATURE in value:
            return MASK
        return {key: _cleaned(entry) for key, entry in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [_cleaned(entry) for entry in value]
    return value
