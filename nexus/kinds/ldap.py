"""LDAP servers and their order."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

from nexus.kinds.base import REMOTE, Collection, Props
from nexus.kinds.form import Body
from nexus.kinds.setting import Setting
from nexus.model import Ref

if TYPE_CHECKING:
    from nexus.objects.objects import Objects


class LdapServer(Collection):
    """Servers are asked in their order."""

    is_ordered: ClassVar[bool] = True


class LdapOrder(Setting):
    """The order in which the servers are asked. It is derived: they are asked in the order of the stack file."""

    def from_response(self, found: Any) -> Body | None:
        if found is None:
            return None
        return {"names": [server["name"] for server in sorted(found, key=itemgetter("order"))]}

    def select_declared(self, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
        return {"names": [name for name in live.get("names", ()) if name in declared["names"]]}

    def complete(self, live: Mapping[str, Any], declared: Mapping[str, Any]) -> Any:
        """Declared names come first."""
        first = declared["names"]
        return {"names": [*first, *(name for name in live.get("names", ()) if name not in first)]}

    def set_on(self, objects: Objects, ref: Ref, body: Mapping[str, Any]) -> None:
        if objects.ignored(ref, body):
            objects.update(ref, body)

    def leave(self, objects: Objects, ref: Ref, props: Props) -> None:
        """Stays as it is: the servers in it leave with it."""


SERVER = LdapServer.at(
    "/v1/security/ldap",
    token="LdapServer",
    section="ldap",
    after=REMOTE,
    upper=frozenset({("protocol",), ("authScheme",), ("groupType",)}),
)
ORDER = LdapOrder(
    token="LdapOrder",
    item="/v1/security/ldap/change-order",
    change_method="POST",
    read="/v1/security/ldap",
    body_key="names",
)
