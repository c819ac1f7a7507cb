"""The blob cache: one `up` enables it, another removes it, and in between Nexus sends each layer once.

Docker's clients read with a token; requests with a password bypass the cache.
"""

import re
from collections.abc import Iterator
from secrets import token_bytes

import pytest

from tests.conformance.clients.images import MANIFEST, digest
from tests.conformance.clients.world import World
from tests.e2e.store.store import ROOT, run

SIZE = 3 << 20
VOLUME = "nginx-cache"


@pytest.fixture
def cached(world: World) -> Iterator[World]:
    world.store.configure("nginx.routing", "path")
    world.store.configure("nginx.blobCache.maxSize", "64m")
    world.store.make("up")
    yield world
    world.store.unset("nginx.blobCache")
    world.store.make("up")


def documented(world: World) -> list[str]:
    """Runs docs/nginx.md's commands about the cache on this store and returns their output."""
    commands = re.findall(
        r"^    (docker .+(?:blob-cache|/var/cache).*)$", (ROOT / "docs/nginx.md").read_text(), re.MULTILINE
    )
    prefix = world.store.container("nginx")
    return [run(["sh", "-c", command.replace("repository-store-local-nginx", prefix)]) for command in commands]


def volumes() -> list[str]:
    return run(["docker", "volume", "ls", "--quiet"]).split()


def test_nexus_sends_a_layer_once(cached: World) -> None:
    content = token_bytes(SIZE)
    location = cached.http("POST", "/v2/team/cached/blobs/uploads/").headers["Location"]
    assert cached.http("PUT", location, params={"digest": digest(content)}, data=content).status_code == 201
    path = f"/v2/team/cached/blobs/{digest(content)}"
    token = cached.http("GET", "/v2/token", params={"scope": "repository:team/cached:pull"}).json()["token"]
    for expected in ("MISS", "HIT", "HIT"):
        reply = cached.http("GET", path, login=False, headers={"Authorization": f"Bearer {token}"})
        assert (reply.status_code, reply.headers["X-Cache-Status"]) == (200, expected)
        assert reply.content == content
    assert cached.store.logs("nexus").count(f"method=GET host={cached.registry} path={path} status=200") == 1
    saved, on_disk = documented(cached)
    assert f"HIT 2 {2 * SIZE}" in saved.splitlines()
    assert f"MISS 1 {SIZE}" in saved.splitlines()
    assert on_disk.split() == ["3.1M", "/var/cache/nginx"]
    assert cached.http("GET", path, login=False).status_code == 401


def test_disabling_it_leaves_nothing(world: World) -> None:
    store = world.store
    assert store.container(VOLUME) not in volumes()
    assert "keys_zone=blobs" not in run(
        ["docker", "exec", store.container("nginx"), "cat", "/etc/nginx/store/current/nginx.conf"]
    )
    world.hosted("team/uncached")
    manifest = world.http("GET", "/v2/team/uncached/manifests/1", headers={"Accept": MANIFEST}).json()
    reply = world.http("GET", f"/v2/team/uncached/blobs/{manifest['layers'][0]['digest']}")
    assert reply.status_code == 200
    assert "X-Cache-Status" not in reply.headers
