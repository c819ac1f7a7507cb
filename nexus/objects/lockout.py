"""Lockout protection: no change may shut out the machine that runs it."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from nexus import advice
from nexus.errors import NotFound, Rejected
from nexus.http.client import NexusClient
from nexus.kinds import KINDS
from nexus.kinds.kind import Kind
from nexus.objects.listings import fetched
from nexus.objects.ref import Ref
from nexus.problem import Problem

_LOCKED_OUT = "the next `make up` would be locked out"


def refuse_closed_api(client: NexusClient, networks: str) -> None:
    """Asks the store's nginx which address it sees for this machine, before it lets in only these networks.

    Raises:
        Rejected: it would not let this machine in.
    """
    seen, listed = client.observed_client_ip(), networks.split()
    if seen and not any(ip_address(seen) in ip_network(network) for network in listed):
        raise Rejected(
            Problem(
                advice.REST_ALLOWED_FROM,
                f"does not allow this machine, which nginx sees as {seen}: {_LOCKED_OUT}, since it goes through nginx",
                f"networks that include {seen}",
                f"{advice.entry(advice.REST_ALLOWED_FROM, len(listed), seen)}, or the network of that address",
                got=", ".join(listed),
            )
        )


def refuse_enforcement(client: NexusClient, kind: Kind, ref: Ref, wanted: Any) -> None:
    """Asks the server whether it would still let this machine in, before an IP allow list is enforced.

    Raises:
        Rejected: it would not.
    """
    if not kind.enforcing_values or not isinstance(wanted, Mapping) or kind.enforcing_values.items() - wanted.items():
        return
    seen = client.get(kind.client_address_path) or {}
    if seen.get("allowed") is False:
        address = str(seen.get("ip"))
        raise Rejected(
            Problem(
                str(ref),
                f"no entry allows this machine, which Nexus sees as {address}: {_LOCKED_OUT}",
                fix=_declare(address),
            )
        )


def refuse_last_entry(client: NexusClient, kind: Kind, ref: Ref, instead: Mapping[str, Any] | None = None) -> None:
    """Checks whether an entry that is removed, or changed to `instead`, is the only one that lets this machine in.

    Raises:
        Rejected: it is, and the list is enforced.
    """
    if not kind.enforcement_path or not _is_enforced(client, kind):
        return
    entries = fetched(client, kind.listing, kind.page)
    left = [entry for entry in entries if entry.get(kind.id_field) != ref.id]
    seen = (client.get(kind.client_address_path) or {}).get("ip")
    if seen and _lets_in(kind, entries, seen) and not _lets_in(kind, [*left, *([instead] if instead else [])], seen):
        raise Rejected(
            Problem(
                str(ref),
                f"it is the only entry that allows this machine, which Nexus sees as {seen}, and the list is "
                f"enforced: {_LOCKED_OUT}",
                fix=_declare(str(seen)),
            )
        )


def _declare(address: str) -> str:
    key = f"{KINDS['ipAllowlistEntry'].section}.this-machine.ipOrCidr"
    return f"{advice.setting(key, address)}, or the network of that address"


def _lets_in(kind: Kind, entries: Iterable[Mapping[str, Any]], seen: str) -> bool:
    return any(kind.key and ip_address(seen) in ip_network(kind.key(entry), strict=False) for entry in entries)


def _is_enforced(client: NexusClient, kind: Kind) -> bool:
    try:
        return (client.get(kind.enforcement_path) or {}).get("mode") == "ENFORCE"
    except NotFound:
        return False
