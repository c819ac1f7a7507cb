"""LDAP servers and their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nexus.kinds.base import Setting
from nexus.objects.ref import Ref

if TYPE_CHECKING:
    from nexus.objects.objects import Objects


class LdapOrder(Setting):
    """The order in which the servers are asked. It is derived: they are asked in the order of the stack file."""

    def set_on(self, objects: Objects, ref: Ref, body: Mapping[str, Any]) -> None:
        if objects.ignored(ref, body):
            objects.update(ref, body)
