"""podman and buildah, which need no daemon."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.conformance.clients.matrix.operation import operation
from tests.conformance.clients.world import BOTH, World
from tests.e2e.store.store import Failed

Client = Callable[..., str]


def row(name: str) -> Callable[[Callable[[World, Client, str], None]], Callable[[World, Client, str], None]]:
    """Makes a row of the matrix for both, which have the same commands."""

    def register(function: Callable[[World, Client, str], None]) -> Callable[[World, Client, str], None]:
        for client in ("podman", "buildah"):
            operation(f"{client}: {name}")(partial(_run, function=function, client=client))
        return function

    return register


def _run(world: World, function: Callable[[World, Client, str], None], client: str) -> None:
    world.podman("rmi", "--all", "--force")
    function(world, getattr(world, client), client)


@row("pull by tag")
def pull(world: World, client: Client, name: str) -> None:
    client("pull", world.hosted(f"team/{name}-pull"))


@row("pull by digest")
def pull_by_digest(world: World, client: Client, name: str) -> None:
    image = world.hosted(f"team/{name}-digest")
    client("pull", f"{image.rsplit(':', 1)[0]}@{world.digest(image)}")


@row("pull of a proxied image")
def pull_proxied(world: World, client: Client, name: str) -> None:
    client("pull", world.proxied(f"library/{name}-pull"))


@row("pull of a proxied multi-arch image")
def pull_proxied_multi_arch(world: World, client: Client, name: str) -> None:
    client("pull", world.proxied(f"library/{name}-multi", BOTH))


@row("build on a proxied image, then push")
def build(world: World, client: Client, name: str) -> None:
    image = world.image(f"team/{name}-built")
    base = world.proxied(f"library/{name}-base")
    client("build", "--tag", image, "-", text=f"FROM {base}\nLABEL built=on-it\n")
    for _ in range(2):
        client("push", image)
    assert world.is_hosted(image)


@row("promote: a proxied image pushed under another name")
def promote(world: World, client: Client, name: str) -> None:
    source, target = world.proxied(f"library/{name}-promote"), world.image(f"team/{name}-promoted")
    client("pull", source)
    client("tag", source, target)
    client("push", target)
    assert world.is_hosted(target)


@row("promote: a proxied image pushed under its own name")
def promote_in_place(world: World, client: Client, name: str) -> None:
    image = world.proxied(f"library/{name}-own")
    client("pull", image)
    client("push", image)
    assert world.is_hosted(image)


@row("manifest list made and pushed")
def manifest_list(world: World, client: Client, name: str) -> None:
    parts = [world.hosted(f"team/{name}-part-{part}") for part in ("one", "two")]
    target = world.image(f"team/{name}-list")
    client("manifest", "create", target)
    for part in parts:
        client("manifest", "add", target, f"docker://{part}")
    client("manifest", "push", "--all", target, f"docker://{target}")
    assert world.is_hosted(target)


@operation("podman: login with a wrong password is refused", seed=True)
def wrong_login(world: World) -> None:
    with pytest.raises(Failed, match=r"invalid username/password|unauthorized"):
        world.podman(
            "login",
            "--authfile",
            f"{world.folder}/none.json",
            "--username",
            "jenkins",
            "--password-stdin",
            world.registry,
            text="no",
        )


@operation("podman: search")
def search(world: World) -> None:
    image = world.hosted("searched/podman-found")
    assert "searched/podman-found" in world.podman("search", f"{world.registry}/podman-found"), image
