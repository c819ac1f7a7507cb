"""Cleanup policies."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Self

from nexus.kinds.base import Collection

_PUBLIC, _OTHER = "/v1/cleanup-policies", "/internal/cleanup-policies"


class CleanupPolicy(Collection):
    """The public path needs a Pro licence, and one release has only the other one."""

    is_documented: ClassVar[bool] = False

    def on(self, answers: Callable[[str], bool]) -> Self:
        if answers(_PUBLIC):
            return self
        moved = {key: getattr(self, key).replace(_PUBLIC, _OTHER, 1) for key in ("create", "item", "remove", "listing")}
        return replace(self, **moved)


CLEANUP_POLICY = CleanupPolicy.at(_PUBLIC, token="CleanupPolicy", section="cleanupPolicies")
