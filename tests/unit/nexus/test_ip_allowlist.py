"""The allow list of addresses never locks out the machine that changes it; the stand-in does not have it."""

import pytest

from nexus.errors import Rejected
from nexus.model import Ref
from tests.integration.provider.fake_client import FakeClient
from tests.unit.nexus.test_objects import objects, of


def test_an_allow_list_that_would_lock_this_machine_out_is_not_enforced() -> None:
    path, body = "/v1/security/ip-allowlist", {"mode": "ENFORCE"}
    seen = {"ip": "192.0.2.7", "allowed": False}
    client = FakeClient(settings={path: {"mode": "DISABLED"}, f"{path}/current-ip": seen})
    with pytest.raises(
        Rejected,
        match=r"no entry allows this machine, which Nexus sees as 192\.0\.2\.7: .*\. "
        r"Fix: pulumi config set --path ipAllowlistEntries\.this-machine\.ipOrCidr 192\.0\.2\.7",
    ):
        objects(client).update(of("ipAllowlist", "ipAllowlist", body), body)
    assert not client.sent


ENTRIES = "/v1/security/ip-allowlist/entries"


def enforcing(mode: str, *networks: str) -> FakeClient:
    """A server with an enforced allow list that sees this machine as 192.0.2.7."""
    entries = [{"id": str(at), "entry": network} for at, network in enumerate(networks)]
    path = "/v1/security/ip-allowlist"
    settings = {path: {"mode": mode}, f"{path}/current-ip": {"ip": "192.0.2.7"}, ENTRIES: {"entries": entries}}
    client = FakeClient(settings=settings)
    client.delete = lambda path, ids=None: client.sent.append(("DELETE", path, ids))  # type: ignore[method-assign, misc]
    return client


def entry(network: str, id_: str = "0") -> Ref:
    return of("ipAllowlistEntry", "office", {"ipOrCidr": network}, serverId=id_)


def test_the_last_entry_for_this_machine_is_neither_removed_nor_changed() -> None:
    client = enforcing("ENFORCE", "192.0.2.0/24", "10.0.0.0/8")
    with pytest.raises(Rejected, match=r"the only entry that allows this machine, which Nexus sees as 192\.0\.2\.7"):
        objects(client).delete(entry("192.0.2.0/24"))
    with pytest.raises(Rejected, match="the only entry"):
        objects(client).update(entry("192.0.2.0/24"), {"ipOrCidr": "198.51.100.0/24"})
    assert not client.sent


@pytest.mark.parametrize(
    ("client", "gone"),
    [
        (enforcing("ENFORCE", "192.0.2.0/24", "192.0.2.7"), "192.0.2.0/24"),
        (enforcing("ENFORCE", "10.0.0.0/8", "192.0.2.0/24"), "10.0.0.0/8"),
        (enforcing("ENFORCE", "10.0.0.0/8"), "10.0.0.0/8"),
        (enforcing("MONITOR", "192.0.2.0/24"), "192.0.2.0/24"),
    ],
)
def test_an_entry_that_this_machine_does_not_need_is_removed(client: FakeClient, gone: str) -> None:
    objects(client).delete(entry(gone))
    assert client.sent == [("DELETE", f"{ENTRIES}/bulk", ["0"])]
