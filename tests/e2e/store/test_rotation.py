"""`make rotate` on a store with containers: every former secret is refused, and the next preview is empty."""

import json
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.store.small_store import copy_project, make_stack
from tests.e2e.store.store import Store, run
from tests.support.own_networks import OwnNetwork

NETWORK = OwnNetwork("rotation")
TOKENS = "/v1/security/service-account-tokens"


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with a .local of its own: other tiers' stacks would get the new passphrase too."""
    folder = tmp_path_factory.mktemp("project")
    copy_project(folder)
    store = Store.on(NETWORK, folder)
    with NETWORK.made():
        try:
            make_stack(store)
            store.make("up")
            yield store
        finally:
            store.make("down", YES="1")
            store.forget()


def authority(store: Store) -> str:
    found: str = store.read_outputs()["ca_certificate_pem"]
    return found


def trusts(store: Store, pem: str) -> bool:
    """Whether a client with this CA accepts the store."""
    context = ssl.create_default_context(cadata=pem)
    try:
        with socket.create_connection((store.address, 443), 30) as plain:
            context.wrap_socket(plain, server_hostname=store.hostname).close()
    except ssl.SSLCertVerificationError:
        return False
    return True


def status(store: Store, user: str, password: str) -> int:
    return store.api("GET", "/v1/security/realms/active", auth=(user, password)).status_code


def keys(store: Store) -> dict[str, Any]:
    """The keys that Nexus's container has."""
    found: dict[str, Any] = json.loads(
        run(["docker", "exec", store.container("nexus"), "cat", "/nexus-encryption-keys.json"])
    )
    return found


def is_empty(store: Store) -> bool:
    return store.preview("--refresh", "--expect-no-changes")[0] == 0


def leaf_key(store: Store) -> str:
    code, state = store.pulumi("stack", "export", "--show-secrets")
    assert code == 0, state
    resources = json.loads(state[state.index("{") :])["deployment"]["resources"]
    (found,) = [each for each in resources if each["urn"].endswith("::leaf-key")]
    return json.dumps(
        found["outputs"]["private_key_pem"] if "private_key_pem" in found["outputs"] else found["outputs"]
    )


def test_every_former_secret_of_the_store_is_refused(rotated: Store) -> None:
    users = ("admin", "jenkins")
    former = {user: rotated.secret(f"passwords.{user}") for user in users}
    ca, key, passphrase, leaf = authority(rotated), keys(rotated)["active"], _passphrase(rotated), leaf_key(rotated)
    made = rotated.api("POST", TOKENS, json={"name": "builds", "roleId": "ci", "expirationDays": 30})
    assert made.ok, made.text
    said = rotated.make("rotate", YES="1")
    rotated.__dict__.pop("ca", None)  # the CA that the test's own requests trust
    rotated.__dict__.pop("outputs", None)
    for user in users:
        fresh = rotated.secret(f"passwords.{user}")
        assert status(rotated, user, former[user]) == 401
        assert status(rotated, user, fresh) in (200, 403)
    assert [trusts(rotated, pem) for pem in (ca, authority(rotated))] == [False, True]
    assert leaf_key(rotated) != leaf
    now = keys(rotated)
    assert [each["id"] for each in now["keys"]] == [now["active"]]
    assert now["active"] != key
    assert _passphrase(rotated) != passphrase
    assert rotated.api("GET", TOKENS).json() == []
    assert "tokens of service accounts: revoked: builds" in said
    assert "- certificate: every client refuses the store until it trusts the new CA" in said
    assert is_empty(rotated)


def test_a_kill_after_the_server_has_the_new_password_locks_nobody_out(rotated: Store) -> None:
    """The state still has the former password then: drawing another one would lose the one that the server has."""
    former = rotated.secret("passwords.admin")
    command = ["./store", "rotate", "--stack", rotated.stack, "--only", "passwords", "--yes"]
    log = Path(rotated.root) / ".local" / f"{rotated.stack}-killed.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=rotated.root, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        while status(rotated, "admin", former) != 401:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    log.unlink()
    drawn = rotated.secret("passwords.admin")
    assert drawn != former
    rotated.make("rotate", ONLY="passwords", YES="1")
    assert rotated.secret("passwords.admin") == drawn
    assert [status(rotated, "admin", each) for each in (former, drawn)] == [401, 200]
    assert is_empty(rotated)


def _passphrase(store: Store) -> str:
    return (store.root / ".local" / "passphrase").read_text()
