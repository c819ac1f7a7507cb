"""Not closing the door on ourselves."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from nexus.errors import Rejected
from nexus.http.client import NexusClient
from nexus.kinds.kind import Kind
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
    if not kind.admits or not isinstance(wanted, Mapping) or kind.closed.items() - wanted.items():
        return
    seen = client.get(kind.admits) or {}
    if seen.get("allowed") is False:
        raise Rejected(
            f"{ref}: Nexus sees this machine as {seen.get('ip')}, which no entry lets in: the next `make up` would be "
            f"locked out. Declare that address, or its network, under ipAllowlistEntries"
        )
