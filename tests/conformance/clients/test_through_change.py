"""During an `up` clients notice nothing of changes to nginx, and get well-formed 503s if Nexus is replaced."""

import socket
import ssl
import subprocess
import time

import pytest

from components.bundle import bundle
from tests.conformance.clients.load import RATE, Load
from tests.conformance.clients.world import World
from tests.e2e.store.store import Store, run


@pytest.fixture(scope="module", autouse=True)
def by_path(world: World) -> None:
    world.store.configure("nginx.routing", "path")
    world.store.make("up")


def certificate(store: Store) -> str:
    context = ssl.create_default_context(cafile=str(store.ca))
    with context.wrap_socket(
        socket.create_connection((store.address, 443)), server_hostname=store.hostname
    ) as connection:
        return ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True) or b"")


def configuration(store: Store) -> str:
    return run(["docker", "exec", store.container("nginx"), "cat", "/etc/nginx/store/current/nginx.conf"])


def calm(load: Load) -> None:
    assert load.failures == []
    assert load.statuses == {200}
    assert load.rate > 0.9 * RATE


def test_a_changed_configuration_fails_no_request(world: World) -> None:
    store = world.store
    before = store.started("nginx")
    with Load(store) as load:
        for size in ("2g", "0"):
            store.configure("nginx.clientMaxBodySize", size)
            store.make("up")
            assert f"client_max_body_size {size};" in configuration(store)
    calm(load)
    assert store.started("nginx") == before


def test_a_changed_certificate_fails_no_request(world: World) -> None:
    store = world.store
    before, old = store.started("nginx"), certificate(store)
    with Load(store) as load:
        store.configure("tls.validityDays", "364")
        store.make("up")
    calm(load)
    assert certificate(store) != old
    assert store.started("nginx") == before


def test_an_upload_survives_a_changed_configuration(world: World) -> None:
    store = world.store
    image = world.image("team/through-change")

    def slowly() -> object:
        for _ in range(80):
            yield b"x" * 4096
            time.sleep(0.1)

    location = world.http("POST", "/v2/team/through-change/blobs/uploads/").headers["Location"]
    store.configure("nginx.clientMaxBodySize", "3g")
    change = subprocess.Popen(
        ["make", "up", f"STACK={store.stack}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    reply = world.http("PATCH", location, data=slowly(), headers={"Content-Type": "application/octet-stream"})
    assert change.wait() == 0
    assert reply.status_code == 202, (image, reply.text)
    assert "client_max_body_size 3g;" in configuration(store)


def test_a_refused_configuration_leaves_the_old_one_serving(world: World) -> None:
    container = world.store.container("nginx")
    before = configuration(world.store)
    with Load(world.store) as load:
        done = subprocess.run(
            ["sh", "components/scripts/load-nginx.sh"],
            input=bundle({"nginx.conf": "events {} http { nonsense; }"}),
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "CONTAINER": container},
            capture_output=True,
            text=True,
            check=False,
        )
        time.sleep(2)
    calm(load)
    assert done.returncode == 1
    assert "keeps the old one" in done.stderr
    assert 'unknown directive "nonsense"' in done.stderr
    assert configuration(world.store) == before


@pytest.mark.parametrize("path", ["/service/rest/v1/status", "/v2/"])
def test_clients_get_503_while_nexus_is_replaced(world: World, path: str) -> None:
    store = world.store
    nginx, nexus = store.started("nginx"), store.started("nexus")
    with Load(store, path) as load:
        store.configure("nexus.stopTimeoutSeconds", "119" if path == "/v2/" else "118")
        store.make("up")
        time.sleep(3)
    assert store.started("nexus") != nexus
    assert store.started("nginx") == nginx
    assert load.failures == []
    assert load.statuses <= {200, 401, 503}
    for answer in (answer for answer in load.answers if answer.status_code == 503):
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json()["errors"][0]["code"] == "UNAVAILABLE"
        assert answer.headers["Retry-After"] == "5"
    assert load.answers[-1].status_code in (200, 401)
