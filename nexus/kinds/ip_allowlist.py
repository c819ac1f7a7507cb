"""The IP allow list. No change of it may shut out the machine that runs it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from nexus import advice
from nexus.errors import NotFound, Rejected
from nexus.http.listing import fetched
from nexus.kinds.base import Collection
from nexus.kinds.setting import Setting
from nexus.model import Ref
from nexus.problem import Problem

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.objects.objects import Objects

_ONE_AT_A_TIME = threading.Lock()
_LIST = "/v1/security/ip-allowlist"
_SEEN = f"{_LIST}/current-ip"
"""Returns the address that the server sees for this machine, and whether the allow list lets it in."""


class IpAllowlist(Setting):
    """Whether the list is enforced."""

    def refuse_lockout(self, client: NexusClient, ref: Ref, instead: Any) -> None:
        """Asks the server whether it would still let this machine in, before the list is enforced.

        Raises:
            Rejected: it would not.
        """
        if not isinstance(instead, Mapping) or instead.get("mode") != "ENFORCE":
            return
        seen = client.get(_SEEN) or {}
        if seen.get("allowed") is False:
            address = str(seen.get("ip"))
            raise Rejected(
                Problem(
                    str(ref),
                    f"no entry allows this machine, which Nexus sees as {address}: {advice.LOCKED_OUT}",
                    fix=_declare(address),
                )
            )


class IpAllowlistEntry(Collection):
    """Addresses that the list lets in."""

    def name_of(self, entry: Mapping[str, Any]) -> str:
        return str(entry["ipOrCidr"]).replace("/", "-")

    def refuse_lockout(self, client: NexusClient, ref: Ref, instead: Any) -> None:
        """Checks whether an entry that is removed, or changed to `instead`, is the only one that lets this machine in.

        Raises:
            Rejected: it is, and the list is enforced.
        """
        if not _is_enforced(client):
            return
        entries = fetched(client, self.listing, self.page)
        left = [entry for entry in entries if entry.get(self.id_field) != ref.id]
        seen = (client.get(_SEEN) or {}).get("ip")
        if seen and _lets_in(entries, seen) and not _lets_in([*left, *([instead] if instead else [])], seen):
            raise Rejected(
                Problem(
                    str(ref),
                    f"it is the only entry that allows this machine, which Nexus sees as {seen}, and the list is "
                    f"enforced: {advice.LOCKED_OUT}",
                    fix=_declare(str(seen)),
                )
            )

    def remove_from(self, objects: Objects, ref: Ref) -> None:
        with _ONE_AT_A_TIME:  # so that of two entries that let this machine in, one stays
            self.refuse_lockout(objects.client, ref, None)
            objects.client.delete(self.remove, [ref.id])


def _address(entry: Mapping[str, Any]) -> str:
    """The address of an entry, in a declaration or an answer."""
    return str(entry["ipOrCidr"] if "ipOrCidr" in entry else entry["entry"])


def _declare(address: str) -> str:
    return f"{advice.setting(f'{ENTRY.section}.this-machine.ipOrCidr', address)}, or the network of that address"


def _lets_in(entries: Iterable[Mapping[str, Any]], seen: str) -> bool:
    return any(ip_address(seen) in ip_network(_address(entry), strict=False) for entry in entries)


def _is_enforced(client: NexusClient) -> bool:
    try:
        return (client.get(_LIST) or {}).get("mode") == "ENFORCE"
    except NotFound:
        return False


LIST = IpAllowlist(
    token="IpAllowlist", section="ipAllowlist", after=("ipAllowlistEntry",), item=f"{_LIST}/mode", read=_LIST
)
ENTRY = IpAllowlistEntry(
    token="IpAllowlistEntry",
    section="ipAllowlistEntries",
    create=f"{_LIST}/entries",
    item=f"{_LIST}/entries/{{id}}",
    remove=f"{_LIST}/entries/bulk",
    listing=f"{_LIST}/entries",
    page="entries",
    identity="",
    id_field="id",
    key=_address,
    response_aliases={"ipOrCidr": "entry"},
)
