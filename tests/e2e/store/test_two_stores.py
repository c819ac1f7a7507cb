"""Two stores on one docker host do not affect each other, in any order of `up` and `down` and at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.e2e.store.store import Store, run, wait_until_go_reads_hosts
from tests.support.own_networks import OwnNetwork
from tests.support.real_clients.docker import import_image
from tests.support.vanishing import hosts

NETWORK = OwnNetwork("pair")
# One name is a prefix of the other, which look-ups by name must tell apart.
STACKS = {"e2e-pair": 8443, "e2e-pair-b": 8444}
TOPOLOGY = {
    "blobStores": {"images": {}},
    "repositories": {
        "images": {
            "format": "docker",
            "type": "hosted",
            "storage": {"blobStoreName": "images", "writePolicy": "ALLOW"},
            "docker": {"httpPort": 5000},
        }
    },
    "roles": {"ci": {"push": ["images"]}},
    "users": {"jenkins": {"firstName": "J", "lastName": "CI", "emailAddress": "jenkins@domain.org", "roles": ["ci"]}},
}


@pytest.fixture(scope="module")
def pair() -> Iterator[list[Store]]:
    stores = [Store(stack, f"nexus.{stack}.test", NETWORK.address) for stack in STACKS]
    with NETWORK.made():
        try:
            with ThreadPoolExecutor() as both:
                list(both.map(made, stores))
                list(both.map(lambda store: store.make("up"), stores))
            yield stores
        finally:
            for store in stores:
                store.make("down", YES="1")
                store.forget()


def made(store: Store) -> None:
    https = STACKS[store.stack]
    settings = {
        "hostname": store.hostname,
        "address": store.address,
        "nginx.bindAddress": store.address,
        "nginx.httpsPort": str(https),
        "nginx.httpPort": str(https + 100),
        "topology": f"Pulumi.{store.stack}.topology.yaml",  # git ignores it
    }
    run(["make", "new-stack", f"NAME={store.stack}", f"SET={' '.join(f'{k}={v}' for k, v in settings.items())}"])
    topology(store).write_text(yaml.safe_dump(TOPOLOGY))


def topology(store: Store) -> Path:
    return store.file.with_name(f"Pulumi.{store.stack}.topology.yaml")


def serves(store: Store) -> None:
    """Pushes and pulls an image, with the store's own name, user and CA."""
    user, password = store.jenkins
    registry = store.outputs["docker_registry"]
    wait_until_go_reads_hosts()
    run(["docker", "login", registry, "--username", user, "--password-stdin"], text=password)
    image = import_image(f"{registry}/team/pair:1", store.stack.encode())
    try:
        run(["docker", "push", image])
        run(["docker", "rmi", image])
        run(["docker", "pull", image])
    finally:
        run(["docker", "rmi", image])
        run(["docker", "logout", registry])
    assert store.api("GET", "/v1/status/writable").ok


def left(store: Store) -> list[str]:
    """Everything of the store on the engine, in /etc/hosts and in docker's trusted CAs."""
    roles = ("nexus", "nginx", "network", "nexus-data", "nginx-configuration")
    names = {store.container(role) for role in roles}
    listed = [["ps", "--all", "--format", "{{.Names}}"]]
    listed += [[kind, "ls", "--format", "{{.Name}}"] for kind in ("network", "volume")]
    found = [name for command in listed for name in run(["docker", *command]).split() if name in names]
    found += [line for line in hosts() if f" {store.hostname} " in line]
    found += [str(file) for file in Path("/etc/docker/certs.d").glob(f"*/repository-store-{store.stack}.crt")]
    return found


def test_two_stores_deployed_at_the_same_time_both_serve(pair: list[Store]) -> None:
    first, second = pair
    serves(first)
    serves(second)
    assert first.outputs["ca_certificate_pem"] != second.outputs["ca_certificate_pem"]
    assert [len(left(store)) for store in pair] == [7, 7]


@contextmanager
def tagged_twice(image: str) -> Iterator[None]:
    """docker removes one of several tags even while containers run the image, and refuses to remove the last one."""
    second = "local/second-tag:1"
    run(["docker", "tag", image, second])
    try:
        yield
    finally:
        run(["docker", "rmi", second])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_is_taken_down_and_redeployed_while_the_other_serves(pair: list[Store], order: tuple[int, int]) -> None:
    gone, stays = (pair[index] for index in order)
    before = [stays.started(role) for role in ("nexus", "nginx")]
    image = stays.secret("nexus.image")
    with tagged_twice(image):
        output = gone.make("down", YES="1")
        run(["docker", "image", "inspect", image])
    kept = [line for line in output.splitlines() if "stays on the engine, since other containers run it: " in line]
    assert {stays.container("nexus"), stays.container("nginx")} <= {word for line in kept for word in line.split()}
    assert left(gone) == []
    serves(stays)
    gone.make("up")
    for remembered in ("outputs", "ca"):
        gone.__dict__.pop(remembered, None)
    serves(gone)
    serves(stays)
    assert [stays.started(role) for role in ("nexus", "nginx")] == before


@contextmanager
def renamed(store: Store, name: str) -> Iterator[Store]:
    """Renames the stack and deploys it inside the block, then renames it back."""
    other = replace(store, stack=name)
    rename(store, other)
    try:
        other.make("up")
        yield other
    finally:
        run(["./store", "trust", "--stack", other.stack, "--remove"])
        rename(other, store)
        store.make("up")


def rename(store: Store, other: Store) -> None:
    run(["./store", "pulumi", "stack", "rename", "--stack", store.stack, other.stack])


def test_a_renamed_stack_keeps_its_data(pair: list[Store]) -> None:
    store, volume = pair[1], "repository-store-pair-backups"
    marker = ["cat", "/nexus-data/.repository-store-instance"]
    before = run(["docker", "exec", store.container("nexus"), *marker])
    store.configure("backup.location", volume)
    store.configure("backup.keep", "1")
    try:
        with renamed(store, "e2e-pair-c") as other:
            assert run(["docker", "exec", other.container("nexus"), *marker]) == before
            assert "snapshot" in other.make("backup")
            assert other.container("nexus-data") not in run(["docker", "volume", "ls", "--format", "{{.Name}}"]).split()
        assert run(["docker", "exec", store.container("nexus"), *marker]) == before
    finally:
        store.unset("backup")
        run(["docker", "volume", "rm", "--force", volume])
