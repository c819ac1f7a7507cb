"""The docker command, old and new, with dockerd 20.10."""

from collections.abc import Callable

import pytest

from tests.conformance.clients.matrix.operation import of_version, operation
from tests.conformance.clients.world import BOTH, World
from tests.e2e.store.store import Failed
from tests.support.real_clients.docker import docker_clients

BUILDKIT, CLASSIC = {"DOCKER_BUILDKIT": "1"}, {"DOCKER_BUILDKIT": "0"}


def row(name: str, *, seed: bool = False) -> Callable[[Callable[[World, str], None]], Callable[[World, str], None]]:
    """Makes a row of the matrix for each docker command of this machine."""

    def register(function: Callable[[World, str], None]) -> Callable[[World, str], None]:
        for version in docker_clients():
            operation(f"docker {version}: {name}", seed=seed)(of_version(function, version))
        return function

    return register


def _named(version: str, name: str) -> str:
    return f"team/docker{version}-{name}"


def _make(world: World, version: str, name: str) -> str:
    image = world.image(_named(version, name))
    world.imported(image, name)
    return image


@row("login", seed=True)
def login(world: World, version: str) -> None:
    user, password = world.store.jenkins
    place = {"DOCKER_CONFIG": str(world.folder / f"login-{version}")}
    output = world.docker(
        version, "login", world.registry, "--username", user, "--password-stdin", text=password, **place
    )
    assert "Login Succeeded" in output
    world.docker(version, "logout", world.registry, **place)


@row("login with a wrong password is refused", seed=True)
def wrong_login(world: World, version: str) -> None:
    place = {"DOCKER_CONFIG": str(world.folder / f"login-{version}")}
    with pytest.raises(Failed, match=r"(?i)unauthorized|401"):
        world.docker(version, "login", world.registry, "--username", "jenkins", "--password-stdin", text="no", **place)


@row("push", seed=True)
def push(world: World, version: str) -> None:
    world.docker(version, "push", _make(world, version, "push"))


@row("push again", seed=True)
def push_again(world: World, version: str) -> None:
    image = _make(world, version, "again")
    world.docker(version, "push", image)
    assert "Layer already exists" in world.docker(version, "push", image)


@row("pull by tag", seed=True)
def pull(world: World, version: str) -> None:
    world.pull(version, world.hosted(_named(version, "pull")))


@row("pull by digest", seed=True)
def pull_by_digest(world: World, version: str) -> None:
    image = world.hosted(_named(version, "digest"))
    world.pull(version, f"{image.rsplit(':', 1)[0]}@{world.digest(image)}")


@row("pull of a multi-arch image", seed=True)
def pull_multi_arch(world: World, version: str) -> None:
    world.pull(version, world.hosted(_named(version, "multi"), BOTH))


@row("pull of a proxied image", seed=True)
def pull_proxied(world: World, version: str) -> None:
    world.pull(version, world.proxied(f"library/docker{version}-pull"))


@row("pull of a proxied multi-arch image", seed=True)
def pull_proxied_multi_arch(world: World, version: str) -> None:
    world.pull(version, world.proxied(f"library/docker{version}-multi", BOTH))


@row("promote: a proxied image pushed under another name", seed=True)
def promote(world: World, version: str) -> None:
    source, target = world.proxied(f"library/docker{version}-promote"), world.image(_named(version, "promoted"))
    world.pull(version, source)
    world.docker(version, "tag", source, target)
    world.docker(version, "push", target)
    world.pull(version, target)


@row("promote: a proxied image pushed under its own name", seed=True)
def promote_in_place(world: World, version: str) -> None:
    image = world.proxied(f"library/docker{version}-own")
    world.pull(version, image)
    world.docker(version, "push", image)
    assert world.is_hosted(image)


@row("push of layers that another repository has (mount)", seed=True)
def mount(world: World, version: str) -> None:
    source, target = _make(world, version, "mount-source"), world.image(_named(version, "mount-target"))
    world.docker(version, "push", source)
    world.docker(version, "tag", source, target)
    world.docker(version, "push", target)


@row("build on a proxied image, classic builder", seed=True)
def build(world: World, version: str) -> None:
    base = world.proxied(f"library/docker{version}-classic-base")
    world.build(version, base, world.image(_named(version, "classic")), CLASSIC)
    world.docker(version, "push", world.image(_named(version, "classic")))


@row("search", seed=True)
def search(world: World, version: str) -> None:
    image = world.hosted(f"searched/docker{version}-found")
    assert image.split("/", 1)[1].split(":")[0] in world.docker(
        version, "search", f"{world.registry}/docker{version}-found"
    )


@row("manifest inspect")
def manifest_inspect(world: World, version: str) -> None:
    assert "arm64" in world.docker(
        version, "manifest", "inspect", world.hosted(_named(version, "inspect"), BOTH, "v2s2")
    )


@row("manifest inspect of a proxied image")
def manifest_inspect_proxied(world: World, version: str) -> None:
    image = world.proxied(f"library/docker{version}-inspect", BOTH, "v2s2")
    assert "arm64" in world.docker(version, "manifest", "inspect", image)


@row("manifest create and push")
def manifest_push(world: World, version: str) -> None:
    parts = [_make(world, version, f"part-{part}") for part in ("one", "two")]
    for part in parts:
        world.docker(version, "push", part)
    target = world.image(_named(version, "list"))
    world.docker(version, "manifest", "create", target, *parts)
    world.docker(version, "manifest", "push", "--purge", target)
    assert "manifests" in world.docker(version, "manifest", "inspect", target)


@operation("BuildKit: build on a proxied image")
def buildkit_proxied(world: World) -> None:
    base = world.proxied("library/buildkit-base")
    world.build("20", base, world.image("team/buildkit-proxied"), BUILDKIT)


@operation("BuildKit: build on a proxied multi-arch image")
def buildkit_multi_arch(world: World) -> None:
    base = world.proxied("library/buildkit-multi", BOTH)
    world.build("20", base, world.image("team/buildkit-multi"), BUILDKIT)


@operation("BuildKit: build on a hosted image")
def buildkit_hosted(world: World) -> None:
    world.build("20", world.hosted("team/buildkit-hosted-base"), world.image("team/buildkit-hosted"), BUILDKIT)


@operation("BuildKit: build, then push")
def buildkit_push(world: World) -> None:
    image = world.image("team/buildkit-push")
    world.build("20", world.proxied("library/buildkit-push-base"), image, BUILDKIT)
    world.docker("20", "push", image)
    world.pull("20", image)


@operation("BuildKit of docker 20: build on a hosted image without SSL_CERT_FILE", path=False)
def buildkit_untold(world: World) -> None:
    base = world.hosted("team/buildkit-untold-base")
    world.build("20", base, world.image("team/buildkit-untold"), BUILDKIT | {"SSL_CERT_FILE": ""})
