"""After a restart of the docker daemon the store works again, even if its containers have other addresses."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conformance.clients.docker_host import DockerHost
from tests.conformance.clients.folders import made_anew, removed
from tests.e2e.store.store import Store, address_of, run
from tests.support.own_networks import OwnNetwork

NETWORK = OwnNetwork("restart")
ADDRESS = NETWORK.host(2)
_SECONDS = 60


@pytest.fixture(scope="module")
def host() -> Iterator[DockerHost]:
    # Not in pytest's folder: the path of a socket must be short.
    folder = Path("/run/repository-store-restart")
    made_anew(folder)
    made = DockerHost("rs-restart", ADDRESS, NETWORK.address, folder)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOCKER_HOST", made.socket)
        yield made
    made.remove()
    removed(folder)


@pytest.fixture(scope="module")
def restarted(host: DockerHost) -> Iterator[Store]:
    """A store with an uploaded file whose daemon was restarted."""
    store = Store("restart", "nexus.restart.test", ADDRESS)
    with store.running("repositories.files.format=raw", "repositories.files.type=hosted"):
        answer = requests.put(_file(store), auth=store.admin, verify=str(store.ca), data=b"kept", timeout=60)
        assert answer.status_code == 201
        before = {role: store.started(role) for role in ("nexus", "nginx")}
        host.stop()
        host.start()
        _wait_for(store)
        for role, started in before.items():
            identity = started.split()[0]
            assert store.started(role) != started, f"{role} was not restarted"
            assert store.started(role).split()[0] == identity, f"{role} is another container"
        yield store


def _file(store: Store) -> str:
    return f"{store.outputs['url']}/repository/files/kept.txt"


def _wait_for(store: Store) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            if store.api("GET", "/v1/status/writable").status_code == 200:
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < deadline, store.logs("nginx")[-2000:]
        time.sleep(0.5)


def test_content_is_served_without_another_up(restarted: Store) -> None:
    answer = requests.get(_file(restarted), auth=restarted.admin, verify=str(restarted.ca), timeout=60)
    assert (answer.status_code, answer.content) == (200, b"kept")


def test_nginx_finds_nexus_at_another_address(restarted: Store) -> None:
    nexus, nginx = restarted.container("nexus"), restarted.started("nginx")
    before, image = address_of(nexus), run(["docker", "inspect", "--format", "{{.Image}}", nexus]).strip()
    run(["docker", "stop", nexus])
    place = ["--network", restarted.container("network"), "--entrypoint", "sleep"]
    run(["docker", "run", "--detach", "--rm", "--name", "in-its-place", *place, image, "600"])
    try:
        assert address_of("in-its-place") == before
        run(["docker", "start", nexus])
        assert address_of(nexus) != before
        _wait_for(restarted)
        assert restarted.started("nginx") == nginx
    finally:
        run(["docker", "rm", "--force", "in-its-place"])


def test_up_has_nothing_to_change(restarted: Store) -> None:
    before = {role: restarted.started(role) for role in ("nexus", "nginx")}
    assert "nothing to change" in restarted.make("up")
    assert {role: restarted.started(role) for role in before} == before
    code, output = restarted.preview("--expect-no-changes", "--refresh")
    assert code == 0, output
