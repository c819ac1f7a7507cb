"""containerd's ctr, old and new; the new one uses registries like the kubelet's containerd 2."""

from collections.abc import Callable

from tests.conformance.clients.matrix.operation import of_version, operation
from tests.conformance.clients.world import BOTH, World


def row(name: str) -> Callable[[Callable[[World, str], None]], Callable[[World, str], None]]:
    """Makes a row of the matrix for each ctr."""

    def register(function: Callable[[World, str], None]) -> Callable[[World, str], None]:
        for version in ("1", "2"):
            operation(f"ctr {version}: {name}")(of_version(function, version))
        return function

    return register


@row("pull by tag")
def pull(world: World, version: str) -> None:
    world.ctr_pull(version, world.hosted(f"team/ctr{version}-pull"))


@row("pull by digest")
def pull_by_digest(world: World, version: str) -> None:
    image = world.hosted(f"team/ctr{version}-digest")
    world.ctr_pull(version, f"{image.rsplit(':', 1)[0]}@{world.digest(image)}")


@row("pull of a multi-arch image")
def pull_multi_arch(world: World, version: str) -> None:
    world.ctr_pull(version, "--all-platforms", world.hosted(f"team/ctr{version}-multi", BOTH))


@row("pull of a proxied image")
def pull_proxied(world: World, version: str) -> None:
    world.ctr_pull(version, world.proxied(f"library/ctr{version}-pull"))


@row("pull of a proxied multi-arch image")
def pull_proxied_multi_arch(world: World, version: str) -> None:
    world.ctr_pull(version, "--all-platforms", world.proxied(f"library/ctr{version}-multi", BOTH))


@row("push, and again")
def push(world: World, version: str) -> None:
    image = world.image(f"team/ctr{version}-push")
    world.ctr_import(f"ctr{version} push", image)
    for _ in range(2):
        world.ctr_push(version, image)
    assert world.is_hosted(image)


@row("promote under another name")
def promote(world: World, version: str) -> None:
    source, target = world.proxied(f"library/ctr{version}-promote"), world.image(f"team/ctr{version}-promoted")
    world.ctr_pull(version, source)
    world.ctr("1", "images", "tag", source, target)
    world.ctr_push(version, target)
    assert world.is_hosted(target)


@row("promote under its own name")
def promote_in_place(world: World, version: str) -> None:
    image = world.proxied(f"library/ctr{version}-own")
    world.ctr_pull(version, image)
    world.ctr_push(version, image)
    assert world.is_hosted(image)
