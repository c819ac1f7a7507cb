"""The memory of Nexus's JVM: Pulumi hides it in a list with a password, but the component has it in plain text."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reports.preview import Change, Preview, State
from stacks.secret_names import MASK

_COMPONENT = "repository-store:components:NexusServer"
_CONTAINER = ("docker:index/container:Container", "nexus")
_HIDDEN = "envs"


def in_plain(preview: Preview) -> Preview:
    """The preview; if the component's inputs differ, they replace the hidden list of the container."""
    before, after = _memory(preview.changes)
    if not (before and after) or before == after:
        return preview
    changes = tuple(
        _explained(change, before, after) if (change.type, change.name) == _CONTAINER else change
        for change in preview.changes
    )
    return replace(preview, changes=changes)


def _memory(changes: Iterable[Change]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    for change in changes:
        before, after = change.known or change.old, change.new
        if change.type == _COMPONENT and before and after:
            return before.inputs, after.inputs
    return {}, {}


def _explained(change: Change, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    return replace(
        change,
        old=_with(change.old, before),
        known=_with(change.known, before),
        new=_with(change.new, after),
    )


def _with(state: State | None, memory: Mapping[str, Any]) -> State | None:
    if state is None or state.inputs.get(_HIDDEN) != MASK:
        return state
    inputs = {key: value for key, value in state.inputs.items() if key != _HIDDEN}
    return replace(state, inputs={**inputs, **memory})
