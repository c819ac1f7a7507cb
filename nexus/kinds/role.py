"""Roles."""

from collections.abc import Mapping
from typing import Any

from nexus.kinds.base import Collection


class Role(Collection):
    """A role may contain privileges and other roles."""

    def is_own(self, entry: Mapping[str, Any]) -> bool:
        return super().is_own(entry) or entry.get("id") in ("nx-admin", "nx-anonymous")
