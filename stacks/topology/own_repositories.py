"""The order of the repositories that only a stack file names. Pulumi hands its mappings over in alphabetical order."""

from collections.abc import Collection, Mapping
from typing import Any


def members_first(repositories: Mapping[str, Any], shared: Collection[str]) -> dict[str, Any]:
    """The repositories with each group of the stack's own after its members; shared ones stay where they are.

    Groups that read each other stay as they came: what is wrong with them is said by the rules.
    """
    placed = {name: said for name, said in repositories.items() if name in shared}
    waiting = {name: said for name, said in repositories.items() if name not in shared}
    while waiting:
        ready = [name for name, said in waiting.items() if not _members(said) & waiting.keys()]
        for name in ready or list(waiting):
            placed[name] = waiting.pop(name)
    return placed


def _members(said: Any) -> set[str]:
    group = said.get("group") if isinstance(said, Mapping) else None
    names = group.get("memberNames") if isinstance(group, Mapping) else None
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
