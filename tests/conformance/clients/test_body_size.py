"""Uploads have no size limit by default, and docker prints the error of a configured one."""

from collections.abc import Iterator

import pytest

from tests.conformance.clients.world import World
from tests.e2e.store.store import Failed
from tests.support.real_clients.docker import docker_clients

MIB, GB = 1 << 20, 10**9


@pytest.fixture(scope="module", autouse=True)
def by_path(world: World) -> None:
    world.store.configure("nginx.routing", "path")
    world.store.configure("nginx.clientMaxBodySize", "0")
    world.store.make("up")


def zeros(size: int) -> Iterator[bytes]:
    for _ in range(size // MIB):
        yield b"\0" * MIB
    yield b"\0" * (size % MIB)


def test_five_gigabytes_can_be_uploaded(world: World) -> None:
    location = world.http("POST", "/v2/team/huge/blobs/uploads/").headers["Location"]
    reply = world.http("PATCH", location, data=zeros(5 * GB), headers={"Content-Type": "application/octet-stream"})
    assert reply.status_code == 202
    assert reply.headers["Range"] == f"0-{5 * GB - 1}"
    assert world.http("DELETE", reply.headers["Location"]).status_code == 204


@pytest.mark.parametrize("version", docker_clients())
def test_docker_prints_the_size_limit(world: World, version: str) -> None:
    store = world.store
    store.configure("nginx.clientMaxBodySize", "1m")
    store.make("up")
    try:
        image = world.image(f"team/large{version}")
        world.imported(image, "large", size=2 * MIB)
        with pytest.raises(Failed, match=r"larger than the 1m that nginx\.clientMaxBodySize"):
            world.docker(version, "push", image)
        world.imported(image, "small enough", size=MIB // 2)
        world.docker(version, "push", image)
    finally:
        store.configure("nginx.clientMaxBodySize", "0")
        store.make("up")
