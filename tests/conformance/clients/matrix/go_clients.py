"""crane, oras and regctl: three more libraries of the registry protocol, also with artifacts other than images."""

import re
import tarfile
from pathlib import Path

from tests.conformance.clients.images import digest
from tests.conformance.clients.matrix.operation import operation
from tests.conformance.clients.world import BOTH, World

TOLD = "copying it to its own name stores nothing"


def _folder(world: World, content: str, architectures: tuple[str, ...] = ("amd64",)) -> str:
    """The path of an OCI layout, as crane names it."""
    return world.layout(content, architectures).removeprefix("oci:").rsplit(":", 1)[0]


def _file(world: World, name: str) -> Path:
    folder = world.folder / name
    folder.mkdir(exist_ok=True)
    (folder / "report.txt").write_text(name)
    return folder


@operation("crane: push")
def crane_push(world: World) -> None:
    image = world.image("team/crane-push")
    for _ in range(2):
        world.crane("push", _folder(world, "crane push"), image)
    assert world.is_hosted(image)


@operation("crane: push of a multi-arch image")
def crane_push_multi_arch(world: World) -> None:
    image = world.image("team/crane-multi")
    world.crane("push", "--index", _folder(world, "crane multi", BOTH), image)
    assert world.is_hosted(image)


@operation("crane: pull")
def crane_pull(world: World) -> None:
    world.crane("pull", world.hosted("team/crane-pull"), f"{world.folder}/crane.tar")


@operation("crane: pull of a proxied image")
def crane_pull_proxied(world: World) -> None:
    world.crane("pull", world.proxied("library/crane-pull"), f"{world.folder}/crane-proxied.tar")


@operation("crane: digest of a proxied image")
def crane_digest(world: World) -> None:
    assert "sha256:" in world.crane("digest", world.proxied("library/crane-digest", BOTH))


@operation("crane: digest of a proxied image by its digest, which it asks with GET after a HEAD")
def crane_digest_by_digest(world: World) -> None:
    image = world.proxied("library/crane-by-digest", BOTH)
    found = re.search(r"sha256:[0-9a-f]{64}", world.crane("digest", image))
    assert found
    assert f"\n{found[0]}" in world.crane("digest", f"{image.rsplit(':', 1)[0]}@{found[0]}")


@operation("crane: validate of a proxied image")
def crane_validate(world: World) -> None:
    assert "PASS" in world.crane("validate", "--remote", world.proxied("library/crane-validate"))


@operation("crane: tags and catalogue")
def crane_lists(world: World) -> None:
    image = world.hosted("team/crane-lists")
    assert "1" in world.crane("ls", image.rsplit(":", 1)[0]).split()
    assert "team/crane-lists" in world.crane("catalog", world.registry).split()


@operation("crane: tag")
def crane_tag(world: World) -> None:
    image = world.hosted("team/crane-tag")
    world.crane("tag", image, "2")
    assert world.is_hosted(f"{image.rsplit(':', 1)[0]}:2")


@operation("crane: promote under another name")
def crane_promote(world: World) -> None:
    target = world.image("team/crane-promoted")
    world.crane("copy", world.proxied("library/crane-promote"), target)
    assert world.is_hosted(target)


@operation("crane: promote of a multi-arch image under another name")
def crane_promote_multi_arch(world: World) -> None:
    target = world.image("team/crane-promoted-multi")
    world.crane("copy", world.proxied("library/crane-promote-multi", BOTH), target)
    assert world.is_hosted(target)


@operation("crane: promote under its own name", path=False)
def crane_promote_in_place(world: World) -> None:
    image = world.proxied("library/crane-own")
    world.crane("copy", image, image)
    assert world.is_hosted(image)


@operation("crane: promote of a multi-arch image under its own name", path=False)
def crane_promote_multi_arch_in_place(world: World) -> None:
    image = world.proxied("library/crane-own-multi", BOTH)
    world.crane("copy", image, image)
    assert world.is_hosted(image)


@operation("crane: told that a copy to its own name stores nothing")
def crane_gets_a_warning(world: World) -> None:
    image = world.proxied("library/crane-told")
    assert TOLD in world.crane("copy", image, image)
    assert TOLD in world.crane("digest", image)
    assert TOLD not in world.crane("digest", world.hosted("team/crane-told"))


@operation("crane: a layer added to a proxied image")
def crane_append(world: World) -> None:
    target = world.image("team/crane-appended")
    layer = world.folder / "layer.tar"
    with tarfile.open(layer, "w") as archive:
        archive.addfile(tarfile.TarInfo("empty"))
    base = world.proxied("library/crane-base")
    world.crane("append", "--base", base, "--new_layer", str(layer), "--new_tag", target)
    assert world.is_hosted(target)


@operation("crane: delete")
def crane_delete(world: World) -> None:
    image = world.hosted("team/crane-delete")
    world.crane("delete", f"{image.rsplit(':', 1)[0]}@{world.digest(image)}", admin=True)
    assert not world.is_hosted(image)


@operation("oras: push and pull of files")
def oras_files(world: World) -> None:
    image, folder = world.image("team/oras-files"), _file(world, "oras-files")
    for _ in range(2):
        world.oras("push", "--artifact-type", "application/vnd.test.report", image, "report.txt:text/plain", cwd=folder)
    world.oras("pull", "--output", f"{folder}/pulled", image)
    assert (folder / "pulled" / "report.txt").read_text() == "oras-files"


@operation("oras: attach to an image, and discover")
def oras_attach(world: World) -> None:
    image, folder = world.hosted("team/oras-attach"), _file(world, "oras-attach")
    world.oras("attach", "--artifact-type", "application/vnd.test.report", image, "report.txt:text/plain", cwd=folder)
    assert "application/vnd.test.report" in world.oras("discover", "--format", "json", image)


@operation("oras: manifest and blob of a proxied image")
def oras_fetch(world: World) -> None:
    image = world.proxied("library/oras-fetch")
    assert "layers" in world.oras("manifest", "fetch", image)
    assert "digest" in world.oras("manifest", "fetch", "--descriptor", image)
    assert "proxied library/oras-fetch" in world.oras("manifest", "fetch-config", image)


@operation("oras: promote under another name")
def oras_promote(world: World) -> None:
    target = world.image("team/oras-promoted")
    world.oras("copy", "--recursive", world.proxied("library/oras-promote"), target)
    assert world.is_hosted(target)


@operation("oras: promote of a multi-arch image under another name")
def oras_promote_multi_arch(world: World) -> None:
    target = world.image("team/oras-promoted-multi")
    world.oras("copy", world.proxied("library/oras-promote-multi", BOTH), target)
    assert world.is_hosted(target)


@operation("oras: promote under its own name", path=False)
def oras_promote_in_place(world: World) -> None:
    image = world.proxied("library/oras-own")
    world.oras("copy", image, image)
    assert world.is_hosted(image)


@operation("oras: tags and catalogue")
def oras_lists(world: World) -> None:
    image = world.hosted("team/oras-lists")
    assert "1" in world.oras("repo", "tags", image.rsplit(":", 1)[0]).split()
    assert "team/oras-lists" in world.oras("repo", "ls", world.registry).split()


@operation("oras: blob pushed, fetched and deleted")
def oras_blob(world: World) -> None:
    folder, name = _file(world, "oras-blob"), world.image("team/oras-blob").rsplit(":", 1)[0]
    blob = f"{name}@{digest(b'oras-blob')}"
    world.oras("blob", "push", name, "report.txt", cwd=folder)
    assert "oras-blob" in world.oras("blob", "fetch", "--output", "-", blob)
    world.oras("blob", "delete", "--force", blob, admin=True)


@operation("regctl: push of a multi-arch image")
def regctl_push(world: World) -> None:
    image = world.image("team/regctl-push")
    for _ in range(2):
        world.regctl("image", "copy", f"ocidir://{_folder(world, 'regctl push', BOTH)}:1", image)
    assert world.is_hosted(image)


@operation("regctl: pull of a proxied multi-arch image")
def regctl_pull(world: World) -> None:
    image = world.proxied("library/regctl-pull", BOTH)
    world.regctl("manifest", "head", image)
    world.regctl("image", "copy", image, f"ocidir://{world.folder}/regctl:1")


@operation("regctl: promote of a multi-arch image under another name")
def regctl_promote(world: World) -> None:
    target = world.image("team/regctl-promoted")
    world.regctl("image", "copy", world.proxied("library/regctl-promote", BOTH), target)
    assert world.is_hosted(target)


@operation("regctl: promote under its own name", path=False)
def regctl_promote_in_place(world: World) -> None:
    image = world.proxied("library/regctl-own")
    world.regctl("image", "copy", image, image)
    assert world.is_hosted(image)


@operation("regctl: told that a copy to its own name stores nothing")
def regctl_gets_a_warning(world: World) -> None:
    image = world.proxied("library/regctl-told", BOTH)
    assert TOLD in world.regctl("image", "copy", image, image)
    assert TOLD not in world.regctl("manifest", "head", world.hosted("team/regctl-told"))


@operation("regctl: list of tags")
def regctl_tags(world: World) -> None:
    assert "1" in world.regctl("tag", "ls", world.hosted("team/regctl-tags").rsplit(":", 1)[0]).split()
