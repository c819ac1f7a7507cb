"""Kinds that are not objects of the server: they are neither compared with it nor undone."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from nexus import advice
from nexus.errors import Rejected
from nexus.kinds.base import Kind, Props
from nexus.model import Ref
from nexus.problem import Problem

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.session import Session


class Special(Kind):
    """What the provider does for such a resource; by default nothing."""

    def problems(self, session: Session, olds: Props, news: Props) -> list[str]:
        """What a preview reports as errors."""
        return []

    def differs(self, session: Session, olds: Props, news: Props) -> bool | None:
        """Whether an update is needed; None if the fields decide, as for every object."""
        return None

    def added(self, session: Session, ref: Ref, props: Props) -> None:
        """Called when it is new in the stack."""

    def changed(self, session: Session, ref: Ref, olds: Props, news: Props) -> None:
        """Called when its body has changed."""

    def is_gone(self, session: Session) -> bool:
        """Whether a refresh finds it gone."""
        return False

    def inputs(self, props: Props) -> dict[str, Any] | None:
        """What a refresh returns as its inputs; None leaves them unchanged."""
        return inputs(props)


def inputs(props: Props) -> dict[str, Any]:
    """The inputs of a resource, taken from its outputs."""
    return {key: value for key, value in props.items() if key not in ("before", "serverId", "unset", "__provider")}


class Password(Special):
    """The password of the administrator, which every writing session gives to a new server.

    It is never read, and stays when it leaves the stack file.
    """

    def added(self, session: Session, ref: Ref, props: Props) -> None:
        session.writing()

    def changed(self, session: Session, ref: Ref, olds: Props, news: Props) -> None:
        session.access.rotate(olds["body"]["password"])

    def is_gone(self, session: Session) -> bool:
        return not session.keeps_state() and session.access.is_new()


class HostedRepositories(Special):
    """What only the state knows: the hosted repositories so far, their database and the networks the API is open to.

    It refuses a loss of content in the preview: the engine does not ask the provider before a deletion.
    """

    def problems(self, session: Session, olds: Props, news: Props) -> list[str]:
        return session.gate.problems(olds, news) if session.is_reached() else session.unreached()

    def differs(self, session: Session, olds: Props, news: Props) -> bool:
        """Whether the inventory changes.

        Raises:
            Rejected: a removed repository holds content, or this machine would be locked out.
        """
        before, after = olds["body"], news["body"]
        if _database(before) != _database(after):
            session.guard.refuse_other_database(_database(before), _database(after))
        for name in sorted(_names(before) - _names(after) - _names(before, "adopted")):
            session.guard.refuse(Ref("repository", name, type="hosted"), "removed")
        networks = after.get("restAllowedFrom")
        # Only if nginx still sees this machine under the same address afterwards.
        if session.asks and networks is not None and before.get("trustedProxies") == after.get("trustedProxies"):
            refuse_closed_api(session.client(), str(networks))
        return bool(before != after)

    def added(self, session: Session, ref: Ref, props: Props) -> None:
        session.gate.admit(props)

    def inputs(self, props: Props) -> None:
        """Unchanged: they say what was declared last."""


def _database(body: Props) -> str:
    return str(body.get("database") or "embedded")


def _names(body: Props, key: str = "names") -> frozenset[str]:
    return frozenset(str(body.get(key) or "").split())


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
                f"does not allow this machine, which nginx sees as {seen}: {advice.LOCKED_OUT}, since it goes through "
                "nginx",
                f"networks that include {seen}",
                f"{advice.entry(advice.REST_ALLOWED_FROM, len(listed), seen)}, or the network of that address",
                got=", ".join(listed),
            )
        )
