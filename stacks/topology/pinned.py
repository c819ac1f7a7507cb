"""Cleanup policies that leave out what `maintenance.pins` names.

Nexus removes a component if any of its files matches all criteria of a policy, so a pin always covers whole components:
a tag, a Maven version, or a folder.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stacks.topology.nexus_object import NexusObject
from stacks.topology.repository import Repository
from stacks.topology.topology import Topology

_REGEX = "criteriaAssetRegex"


def with_pins(topology: Topology, pins: Mapping[str, Sequence[str]]) -> Topology:
    """The topology in which each repository with pins has policies of its own, with the criteria of its former ones."""
    repositories, policies = dict(topology.repositories), dict(topology.cleanup_policies)
    for name, patterns in pins.items():
        repository = repositories[name]
        own = {policy: f"{policy}-except-pins-of-{name}" for policy in repository.cleanup_policies}
        for policy, renamed in own.items():
            policies[renamed] = _except(policies[policy], repository, patterns)
        if own:
            cleanup = {"policyNames": [own[policy] for policy in repository.cleanup_policies]}
            repositories[name] = repository.model_copy(update={"cleanup": cleanup})
    return topology.model_copy(update={"repositories": repositories, "cleanup_policies": policies})


def regex(format_: str, patterns: Sequence[str], otherwise: str = ".*") -> str:
    """Matches like `otherwise`, but no path of what is pinned. Paths had no leading / on OrientDB (up to 3.70)."""
    pinned = "|".join(_path(format_, pattern) for pattern in patterns)
    return f"^(?!/?(?:{pinned})$)(?:{otherwise})$"


def _except(policy: NexusObject, repository: Repository, patterns: Sequence[str]) -> NexusObject:
    declared: dict[str, Any] = policy.declared
    format_ = "maven2" if repository.format == "maven" else repository.format
    wanted = regex(repository.format, patterns, str(declared.get(_REGEX) or ".*"))
    return NexusObject.model_validate({**declared, "format": format_, _REGEX: wanted})


def _path(format_: str, pattern: str) -> str:
    name, *rest = pattern.split(":")
    if format_ == "docker":
        # The manifests that a tag refers to are stored by digest; "unused-manifests" removes those of no tag.
        tags = f"(?:{_text(rest[0])}|sha256:.*)" if rest else ".*"
        return f"v2/{_text(name)}/manifests/{tags}"
    if format_ == "maven":
        return "/".join([_text(name).replace(r"\.", "/"), *map(_text, rest)]) + "/.*"
    return f"{_text(pattern)}(?:/.*)?"


def _text(pattern: str) -> str:
    return ".*".join(map(re.escape, pattern.split("*")))
