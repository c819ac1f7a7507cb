"""Compares and merges declared and current values; plain values in, plain values out, nothing changed in place."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Path = tuple[str, ...]


def plain(value: Any) -> Any:
    """The value with whole numbers as int: Pulumi passes every number as a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def select_declared(live: Any, declared: Any) -> Any:
    """The declared part of the current state; a key that the server does not have is None."""
    if isinstance(declared, Mapping):
        there = live if isinstance(live, Mapping) else {}
        return {key: select_declared(there.get(key), wanted) for key, wanted in declared.items()}
    return plain(live)


def deep_merge(live: Any, declared: Any, *, none_removes: bool = False) -> Any:
    """The current state with the declaration merged over it: the complete body that a PUT needs.

    Mappings are merged key by key; lists and scalars are replaced. With `none_removes`, None removes a key.
    """
    if not isinstance(live, Mapping) or not isinstance(declared, Mapping):
        return declared
    over = {key: deep_merge(live.get(key), wanted, none_removes=none_removes) for key, wanted in declared.items()}
    gone = {key for key, wanted in declared.items() if wanted is None and none_removes}
    return {key: value for key, value in {**live, **over}.items() if key not in gone}


def changes(old: Any, new: Any, unordered: frozenset[Path] = frozenset(), at: Path = ()) -> Iterator[Path]:
    """The paths at which two values differ; a list at an unordered path is a set."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from changes(old.get(key), new.get(key), unordered, (*at, key))
    elif at in unordered and isinstance(old, list) and isinstance(new, list):
        if sorted(map(str, old)) != sorted(map(str, new)):
            yield at
    elif plain(old) != plain(new) and not (is_empty(old) and is_empty(new)):
        yield at


def is_empty(value: Any) -> bool:
    """Servers return null for an empty text or list that they were sent, or the other way round."""
    return value is None or (isinstance(value, str | list | Mapping) and not value)


def without(value: Any, paths: Iterable[Path]) -> Any:
    """The value without what is at the paths."""
    for path in paths:
        value = _without(value, path)
    return value


def _without(value: Any, path: Path) -> Any:
    if not path or not isinstance(value, Mapping) or path[0] not in value:
        return value
    if len(path) == 1:
        return {key: entry for key, entry in value.items() if key != path[0]}
    return {**value, path[0]: _without(value[path[0]], path[1:])}


def restore_paths(value: Any, source: Any, paths: Iterable[Path]) -> Any:
    """The value with what the source has at the paths: secrets and fields that the server never returns."""
    for path in paths:
        value = _restore_path(value, source, path)
    return value


def _restore_path(value: Any, source: Any, path: Path) -> Any:
    if not isinstance(source, Mapping) or path[0] not in source or not isinstance(value, Mapping):
        return value
    if len(path) == 1:
        return {**value, path[0]: source[path[0]]}
    return {**value, path[0]: _restore_path(value.get(path[0]), source[path[0]], path[1:])}


def at(value: Any, path: Path) -> Any:
    """The value at the path; None if there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def nested(path: Path, value: Any) -> Any:
    """A mapping that has the value at the path and nothing else."""
    for key in reversed(path):
        value = {key: value}
    return value


def dotted(path: Path) -> str:
    return ".".join(path)


def without_defaults(old: Mapping[str, Any], new: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """The old declaration without our defaults that are no longer declared."""
    return {
        key: without_defaults(value, new.get(key) or {}, whole.get(key) or {}) if isinstance(value, Mapping) else value
        for key, value in old.items()
        if key in new or isinstance(value, Mapping) or value != whole.get(key)
    }
