"""Lockout protection: no change may shut out the machine that runs it."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from nexus.errors import NotFound, Rejected
from nexus.http.client import NexusClient
from nexus.kinds.kind import Kind
from nexus.objects.listings import fetched
from nexus.objects.ref import Ref


def refuse_closing(client: NexusClient, networks: str) -> None:
    """Asks the store's nginx as whom it sees this machine, before it lets these networks in alone.

    Raises:
        Rejected: it would not let this machine in.
    """
    seen = client.seen_as()
    if seen and not any(ip_address(seen) in ip_network(network) for network in networks.split()):
        raise Rejected(
            f"nginx.restAllowedFrom: nginx sees this machine as {seen}, which {networks} does not let in: `make up` "
            f"speaks through nginx and would be locked out. Add that address, or its network"
        )


def refuse_lock_out(client: NexusClient, kind: Kind, ref: Ref, wanted: Any) -> None:
    """Asks the server whether it would still let us in, before a change that turns others away.

    Raises:
        Rejected: it would not.
    """
    if not kind.closed or not isinstance(wanted, Mapping) or kind.closed.items() - wanted.items():
        return
    seen = client.get(kind.admits) or {}
    if seen.get("allowed") is False:
        raise Rejected(
            f"{ref}: Nexus sees this machine as {seen.get('ip')}, which no entry lets in: the next `make up` would be "
            f"locked out. Declare that address, or its network, under ipAllowlistEntries"
        )


def refuse_lockout(client: NexusClient, kind: Kind, ref: Ref, instead: Mapping[str, Any] | None = None) -> None:
    """Looks whether an entry that goes, or becomes another one `instead`, is the only one that lets us in.

    Raises:
        Rejected: it is, and the list is enforced.
    """
    if not kind.enforced or not _is_enforced(client, kind):
        return
    entries = fetched(client, kind.listing, kind.page)
    left = [entry for entry in entries if entry.get(kind.assigned) != ref.id]
    seen = (client.get(kind.admits) or {}).get("ip")
    if seen and _lets_in(kind, entries, seen) and not _lets_in(kind, [*left, *([instead] if instead else [])], seen):
        raise Rejected(
            f"{ref}: it is the only entry that lets in this machine, which Nexus sees as {seen}, and the list is "
            f"enforced: the next `make up` would be locked out. Declare that address, or its network, under "
            f"ipAllowlistEntries"
        )


def _lets_in(kind: Kind, entries: Iterable[Mapping[str, Any]], seen: str) -> bool:
    return any(kind.key and ip_address(seen) in ip_network(kind.key(entry), strict=False) for entry in entries)


def _is_enforced(client: NexusClient, kind: Kind) -> bool:
    try:
        return (client.get(kind.enforced) or {}).get("mode") == "ENFORCE"
    except NotFound:
        return False
