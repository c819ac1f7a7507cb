"""A store of this tier's own, at an address that is not in 127.0.0.0/8, where docker would verify nothing."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store import ROOT, Store, run
from tests.tls.ssh_host import SshHost

STACK = "tls"
HOSTNAME = "nexus.tls.test"
SUBNET, ADDRESS, HOST_ADDRESS = "198.18.79.0/24", "198.18.79.1", "198.18.79.2"
OUTSIDE = "repository-store-tls-outside"


@pytest.fixture(scope="session")
def outside() -> Iterator[str]:
    """The bridge on which the store's clients are; its address on this machine is the store's."""
    run(["docker", "network", "create", "--subnet", SUBNET, "--gateway", ADDRESS, OUTSIDE])
    made = json.loads(run(["docker", "network", "inspect", OUTSIDE]))[0]["Id"]
    yield f"br-{made[:12]}"
    run(["docker", "network", "rm", OUTSIDE])


@pytest.fixture(scope="session")
def store(outside: str) -> Iterator[Store]:
    made = Store(STACK, HOSTNAME, ADDRESS)
    settings = f"hostname={HOSTNAME} address={ADDRESS} nginx.bindAddress={ADDRESS}"
    run(["make", "new-stack", f"NAME={STACK}", f"SET={settings}"])
    try:
        made.make("up")
        yield made
    finally:
        made.make("down")
        subprocess.run(
            ["setup/run", STACK, "pulumi", "stack", "rm", "--yes", "--force", STACK],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        (ROOT / ".local" / "stacks" / STACK).unlink()
        (ROOT / ".local" / f"{STACK}-ca.crt").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def host(outside: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    made = SshHost("rs-tls-node", HOST_ADDRESS, outside, Path(tmp_path_factory.mktemp("host")))
    try:
        made.start_docker()
        yield made
    finally:
        made.stop()
