"""Routing by ports: each docker repository has its own published port, which the outputs name."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.clients.world import World, basic
from tests.e2e.store.store import Store, run

HOSTED, GROUP = 5000, 5443


@pytest.fixture(scope="module")
def by_port(world: World) -> Iterator[Store]:
    given = world.store
    given.configure("nginx.routing", "ports")
    given.configure("nginx.dockerPorts.docker-group", str(GROUP))
    given.make("up")
    yield Store(given.stack, given.hostname, given.address)
    given.unset("nginx.dockerPorts")
    given.configure("nginx.routing", "path")
    given.make("up")


@pytest.fixture
def skopeo(world: World, by_port: Store, tmp_path: Path) -> list[str]:
    """Runs skopeo's copy, which trusts the store's CA and is logged in at both ports."""
    shutil.copy(by_port.ca, tmp_path / "ca.crt")
    auths = {f"{by_port.hostname}:{port}": {"auth": basic(by_port.jenkins)} for port in (HOSTED, GROUP)}
    (tmp_path / "auth.json").write_text(json.dumps({"auths": auths}))
    return ["skopeo", "--insecure-policy", "copy", "--authfile", str(tmp_path / "auth.json")]


def test_the_outputs_name_the_ports(by_port: Store) -> None:
    assert by_port.outputs["docker_push_registry"] == f"{by_port.hostname}:{HOSTED}"
    assert by_port.outputs["docker_pull_registry"] == f"{by_port.hostname}:{GROUP}"


def test_each_port_serves_its_repository(world: World, by_port: Store, skopeo: list[str], tmp_path: Path) -> None:
    target = f"docker://{by_port.hostname}:{HOSTED}/team/by-port:1"
    run([*skopeo, "--dest-cert-dir", str(tmp_path), world.layout("by port"), target])
    world.proxied("library/by-port")
    for index, name in enumerate(("team/by-port", "library/by-port")):
        source = f"docker://{by_port.hostname}:{GROUP}/{name}:1"
        run([*skopeo, "--src-cert-dir", str(tmp_path), source, f"oci:{tmp_path}/copy-{index}:1"])
