"""Which values of a stack file are secret.

Pulumi passes every value to the program in plain text and says only which top-level keys contain a secret. The exact
paths are read from the stack file itself; if it shows none below such a key, the whole key counts as secret.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from nexus.problem import Problem
from stacks.stack_file import settings_in

KeyPath = tuple[str, ...]
"""It starts with the section, like ("capabilities", "header", "properties", "value"). A list counts as one value."""


def hidden_paths(file: Path, given: Mapping[str, Any], secret_keys: Collection[str]) -> frozenset[KeyPath]:
    """The paths of the secrets in a stack file; `secret_keys` are the top-level keys that contain any."""
    marked = list(_marked(_config(file), ()))
    found = set(marked)
    for key in secret_keys:
        if not any(path[0] == key for path in marked):
            found.add((key,))
    return frozenset(path for path in found if path[0] in given)


def masked(problems: Collection[Problem], given: Mapping[str, Any], paths: Collection[KeyPath]) -> list[Problem]:
    """The problems, with the values at the paths masked."""
    values = sorted({text for path in paths for text in _texts(_at(given, path))}, key=len, reverse=True)

    def clean(text: str) -> str:
        for value in values:
            text = text.replace(value, "[secret]")
        return text

    return [
        replace(each, **{key: clean(value) for key, value in vars(each).items() if isinstance(value, str)})
        for each in problems
    ]


def _config(file: Path) -> Mapping[str, Any]:
    try:
        return settings_in(file)
    except (OSError, yaml.YAMLError):
        return {}


def _marked(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, Mapping):
        if set(value) == {"secure"}:
            yield path
            return
        for key, entry in value.items():
            yield from _marked(entry, (*path, str(key)))
    elif isinstance(value, list) and any(True for entry in value for _ in _marked(entry, ())):
        yield path


def _at(value: Any, path: KeyPath) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, str) and len(value) >= 4:
        yield value
