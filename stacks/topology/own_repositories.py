"""The order of repositories that only a stack file declares: Pulumi passes mappings in alphabetical order."""

from collections.abc import Collection, Mapping
from typing import Any


def members_first(repositories: Mapping[str, Any], shared: Collection[str]) -> dict[str, Any]:
    """The repositories, with each group of the stack file after its members; shared ones keep their place.

    Groups that contain each other keep their order: the rules report them.
    """
    placed = {name: body for name, body in repositories.items() if name in shared}
    waiting = {name: body for name, body in repositories.items() if name not in shared}
    while waiting:
        ready = [name for name, body in waiting.items() if not _members(body) & waiting.keys()]
        for name in ready or list(waiting):
            placed[name] = waiting.pop(name)
    return placed


def _members(body: Any) -> set[str]:
    group = body.get("group") if isinstance(body, Mapping) else None
    names = group.get("memberNames") if isinstance(group, Mapping) else None
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
