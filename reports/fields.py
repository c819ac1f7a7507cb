"""Which fields of a resource differ: for Nexus's objects Pulumi itself does not say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from reports.preview import Change, Operation, State
from reports.secrets import masked
from stacks.layout import PLUGIN_DEFAULTS
from stacks.secret_names import MASK

# The engine's placeholders for values known only after `up`: its plugin protocol has one for each type.
_UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class Missing(str):
    """Stands for a field that is absent or not yet known; null is a value."""


ABSENT = Missing("(not set)")
UNKNOWN = Missing("(known after up)")


@dataclass(frozen=True)
class Field:
    """A field that differs. `path` is written as in the API's request, without Pulumi's own wrapping."""

    path: str
    old: Any = ABSENT
    new: Any = ABSENT
    wanted: Any = ABSENT
    """Of a drifted field, what `up` sets; absent if the program leaves it to the provider."""

    @property
    def is_wanted(self) -> bool:
        """Whether it is known what `up` sets."""
        return self.wanted is not ABSENT and self.wanted is not UNKNOWN

    @property
    def is_secret(self) -> bool:
        return (self.old, self.new) == (MASK, MASK)

    @property
    def is_of_plugin(self) -> bool:
        """Whether only a docker plugin that is not that of the last `up` makes the difference, and nobody's change."""
        return self.path in PLUGIN_DEFAULTS

    @property
    def follows(self) -> bool:
        """Whether its new value depends on another resource and is known only after `up`."""
        return self.new is UNKNOWN

    @property
    def is_reordered(self) -> bool:
        return (
            isinstance(self.old, list)
            and isinstance(self.new, list)
            and self.old != self.new
            and sorted(map(str, self.old)) == sorted(map(str, self.new))
        )

    @property
    def entries(self) -> tuple[list[Any], list[Any]] | None:
        """The entries that a list loses and gains, at any position; None for other values and a mere reordering."""
        if not (isinstance(self.old, list) and isinstance(self.new, list)):
            return None
        lost = [entry for entry in self.old if entry not in self.new]
        gained = [entry for entry in self.new if entry not in self.old]
        return (lost, gained) if lost or gained else None


def intended(change: Change, project: str) -> list[Field]:
    """The fields whose wanted value differs from the one last applied, as far as they are known."""
    match change.operation:
        case Operation.SAME | Operation.RELEASE:
            return []
        case Operation.ADOPT:
            theirs = {"body": change.state.differing}
            return _fields(theirs, _part(_inputs(change.new), theirs), project)
        case Operation.CREATE | Operation.IMPORT if change.known is None:
            return _fields({}, _unnamed(_inputs(change.new)), project)
        case Operation.DELETE:
            return _fields(_unnamed(_inputs(change.known or change.old)), {}, project)
    before = change.known or change.old
    found = _fields(_inputs(before), _inputs(change.new), project)
    if found or drifted(change, project):
        return found
    return _named_by_provider(change) or _hidden(_inputs(change.new), project)


def drifted(change: Change, project: str) -> list[Field]:
    """The fields whose current value, by a refresh, differs from the one last applied, which is `old`."""
    if change.known is None or change.old is None or change.operation in (Operation.SAME, Operation.RELEASE):
        return []
    declared = change.known.inputs.keys()
    applied, found = change.known.outputs, change.old.outputs
    drifting = [key for key in declared if not _is_same(applied.get(key), found.get(key))]
    return _fields(
        {key: applied[key] for key in drifting if key in applied},
        {key: found[key] for key in drifting if key in found},
        project,
        _inputs(change.new),
    )


def is_gone(change: Change) -> bool:
    """Whether a refresh found that the resource had been removed."""
    if change.known is None:
        return False
    return change.operation is Operation.CREATE or bool(change.old and change.old.outputs.get("gone"))


def _is_same(applied: Any, found: Any) -> bool:
    """Whether two values mean the same to the server, which may answer null, false or nothing for the same setting."""
    if isinstance(applied, Mapping) and isinstance(found, Mapping):
        return all(_is_same(applied.get(key), found.get(key)) for key in {*applied, *found})
    if isinstance(applied, list) and isinstance(found, list):
        return len(applied) == len(found) and all(map(_is_same, applied, found))
    return bool(applied == found or (None in (applied, found) and not applied and not found))


def _inputs(state: State | None) -> Mapping[str, Any]:
    return state.inputs if state else {}


def _part(whole: Any, like: Any) -> Any:
    """The part of a value that has the keys of another one."""
    if not (isinstance(whole, Mapping) and isinstance(like, Mapping)):
        return whole
    return {key: _part(whole[key], like[key]) for key in like if key in whole}


def _unnamed(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """The inputs of an object of Nexus, without the kind and name that the diff's head line has."""
    return {key: value for key, value in inputs.items() if "kind" not in inputs or key not in ("kind", "name")}


def _fields(
    old: Mapping[str, Any], new: Mapping[str, Any], project: str, wanted: Mapping[str, Any] = MappingProxyType({})
) -> list[Field]:
    # Compared before they are masked, so that a secret that Pulumi shows counts as changed.
    differing = dict(_differences(old, new))
    hidden_old, hidden_new, hidden_wanted = masked(dict(old)), masked(dict(new)), masked(dict(wanted))
    found = {}
    for path in differing:
        before, after = _at(hidden_old, path), _at(hidden_new, path)
        while len(path) > 1 and MASK in (_at(hidden_old, path[:-1]), _at(hidden_new, path[:-1])):
            path = path[:-1]
            before, after = _at(hidden_old, path), _at(hidden_new, path)
        found[path] = Field(_spelled(path, project), before, after, _at(hidden_wanted, path))
    return sorted(found.values(), key=lambda field: field.path)


def _differences(old: Any, new: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], None]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(old.get(key, ABSENT), new.get(key, ABSENT), (*at, key))
    elif isinstance(old, Mapping) and old and new is ABSENT:
        yield from _differences(old, {}, at)
    elif isinstance(new, Mapping) and new and old is ABSENT:
        yield from _differences({}, new, at)
    elif old != new:
        yield at, None


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return ABSENT
        value = value[key]
    return _known(value)


def _known(value: Any) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWN else value
    if isinstance(value, list):
        return UNKNOWN if any(_known(entry) is UNKNOWN for entry in value) else value
    return value


def _spelled(path: tuple[str, ...], project: str) -> str:
    """The path without `body`, which is the request to Nexus's API, and without the project in a provider's keys."""
    shown = path[1:] if path[0] == "body" and len(path) > 1 else path
    return ".".join(shown).removeprefix(f"{project}:")


def _named_by_provider(change: Change) -> list[Field]:
    """Differences that only the resource's provider sees, like a certificate that is due for renewal."""
    names = sorted({path.split("[")[0].split(".")[0] for path in change.differing})
    old = masked(dict(change.old.outputs)) if change.old else {}
    new = masked(dict(change.new.inputs)) if change.new else {}
    return [Field(name, _at(old, (name,)), _at(new, (name,))) for name in names]


def _hidden(inputs: Mapping[str, Any], project: str) -> list[Field]:
    """The secrets of a resource without a visible change: one of them must have changed."""
    return [Field(_spelled(path, project), MASK, MASK) for path in _secrets(inputs)]


def _secrets(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if value == MASK:
        yield at
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from _secrets(value[key], (*at, key))
