"""skopeo, whose user agent does not contain docker."""

from tests.conformance.clients.matrix.operation import operation
from tests.conformance.clients.world import BOTH, World


@operation("skopeo: push")
def push(world: World) -> None:
    world.skopeo("copy", world.layout("skopeo push"), f"docker://{world.image('team/skopeo-push')}")
    assert world.is_hosted(world.image("team/skopeo-push"))


@operation("skopeo: push again")
def push_again(world: World) -> None:
    for _ in range(2):
        world.skopeo("copy", world.layout("skopeo again"), f"docker://{world.image('team/skopeo-again')}")


@operation("skopeo: push of a multi-arch image")
def push_multi_arch(world: World) -> None:
    world.skopeo("copy", "--all", world.layout("skopeo multi", BOTH), f"docker://{world.image('team/skopeo-multi')}")


@operation("skopeo: pull by tag")
def pull(world: World) -> None:
    world.skopeo("copy", f"docker://{world.hosted('team/skopeo-pull')}", f"oci:{world.folder}/skopeo-pull:1")


@operation("skopeo: pull by digest")
def pull_by_digest(world: World) -> None:
    image = world.hosted("team/skopeo-digest")
    source = f"docker://{image.rsplit(':', 1)[0]}@{world.digest(image)}"
    world.skopeo("copy", source, f"oci:{world.folder}/skopeo-digest:1")


@operation("skopeo: pull of a proxied image")
def pull_proxied(world: World) -> None:
    world.skopeo("copy", f"docker://{world.proxied('library/skopeo-pull')}", f"oci:{world.folder}/skopeo-proxied:1")


@operation("skopeo: pull of a proxied multi-arch image")
def pull_proxied_multi_arch(world: World) -> None:
    image = world.proxied("library/skopeo-multi", BOTH)
    world.skopeo("copy", "--all", f"docker://{image}", f"oci:{world.folder}/skopeo-proxied-multi:1")


@operation("skopeo: inspect")
def inspect(world: World) -> None:
    assert "hosted team/skopeo-inspect" in world.skopeo("inspect", f"docker://{world.hosted('team/skopeo-inspect')}")


@operation("skopeo: inspect of a proxied image")
def inspect_proxied(world: World) -> None:
    image = world.proxied("library/skopeo-inspect")
    assert "proxied library/skopeo-inspect" in world.skopeo("inspect", f"docker://{image}")


@operation("skopeo: list of tags")
def list_tags(world: World) -> None:
    image = world.hosted("team/skopeo-tags")
    assert '"1"' in world.skopeo("list-tags", f"docker://{image.rsplit(':', 1)[0]}")


@operation("skopeo: list of a proxied image's tags")
def list_proxied_tags(world: World) -> None:
    image = world.proxied("library/skopeo-tags")
    assert '"1"' in world.skopeo("list-tags", f"docker://{image.rsplit(':', 1)[0]}")


@operation("skopeo: promote under another name")
def promote(world: World) -> None:
    source = world.proxied("library/skopeo-promote")
    world.skopeo("copy", f"docker://{source}", f"docker://{world.image('team/skopeo-promoted')}")
    assert world.is_hosted(world.image("team/skopeo-promoted"))


@operation("skopeo: promote of a multi-arch image under another name")
def promote_multi_arch(world: World) -> None:
    source = world.proxied("library/skopeo-promote-multi", BOTH)
    world.skopeo("copy", "--all", f"docker://{source}", f"docker://{world.image('team/skopeo-promoted-multi')}")
    assert world.is_hosted(world.image("team/skopeo-promoted-multi"))


@operation("skopeo: promote under its own name")
def promote_in_place(world: World) -> None:
    image = world.proxied("library/skopeo-own")
    world.skopeo("copy", f"docker://{image}", f"docker://{image}")
    assert world.is_hosted(image)


@operation("skopeo: promote of a multi-arch image under its own name")
def promote_multi_arch_in_place(world: World) -> None:
    image = world.proxied("library/skopeo-own-multi", BOTH)
    world.skopeo("copy", "--all", f"docker://{image}", f"docker://{image}")
    assert world.is_hosted(image)


@operation("skopeo: delete")
def delete(world: World) -> None:
    image = world.hosted("team/skopeo-delete")
    # The jenkins user may not delete; this checks that the request reaches its repository.
    code, output = world.skopeo_outcome("delete", f"docker://{image}", admin=True)
    assert code == 0, output
    assert not world.is_hosted(image)
