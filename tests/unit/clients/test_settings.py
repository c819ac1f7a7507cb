"""A client without valid SSH or login settings is refused before anything is registered."""

from pathlib import Path
from typing import Any

import pytest

from stacks.rules.refusal import Refusal
from stacks.settings import Settings

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def settings(folder: Path, client: dict[str, Any]) -> Settings:
    (folder / "topology.yaml").write_text("repositories: {}")
    given = {"hostname": "nexus.domain.org", "topology": "topology.yaml", "passwords": {"admin": "x"}}
    return Settings.of({**given, "clients": {"node": client}}, folder)


@pytest.mark.parametrize(
    ("client", "message"),
    [
        ({"ssh": {"host": "a"}}, "clients.node.ssh.hostKey: missing"),
        ({"ssh": {"host": "a", "hostKey": "AAAA"}}, "allowed a line of `ssh-keyscan HOST` that you have verified"),
        ({"ssh": {"host": "a", "hostKey": KEY, "prot": 22}}, "rename it to port"),
        ({"jumpHost": {"host": "a", "hostKey": KEY}}, "allowed ssh as well: jumpHost requires it"),
        (
            {"insecureRegistry": "yes"},
            "clients.node.insecureRegistry: invalid value (got 'yes'; allowed 'no', 'daemonJson'",
        ),
        ({"login": {"user": "nobody"}}, "clients.node.login.user: 'nobody' has no password in the stack file"),
        ({"login": {"user": "a'; reboot"}}, 'clients.node.login.user: invalid value (got "a\'; reboot"'),
    ],
)
def test_a_wrong_client_is_one_line(tmp_path: Path, client: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings(tmp_path, client)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_invalid_private_key_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        settings(tmp_path, {"ssh": {"host": "a", "hostKey": KEY, "privateKey": "hunter2"}})
    assert "hunter2" not in str(refused.value)


def test_a_line_of_ssh_keyscan_is_a_host_key(tmp_path: Path) -> None:
    client = settings(tmp_path, {"ssh": {"host": "a", "hostKey": f"[a]:22 {KEY} comment"}}).clients["node"]
    assert client.ssh is not None
    assert client.ssh.host_key == KEY
