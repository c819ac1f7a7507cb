"""`make sbom` of a running store, and what it says of an image that somebody altered."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cli.docker import Docker
from cli.errors import CommandError
from cli.machine.built_images import ensure_image
from cli.machine.cache import cache_folder
from cli.machine.provenance import Statement
from cli.machine.toolchain import Pulumi
from lab.images.images import IMAGES
from tests.e2e.store.store import ROOT, Store
from tools.sbom.built_here import statements
from tools.sbom.images import Image


def test_it_lists_images_with_their_packages_and_programs_with_their_modules(store: Store) -> None:
    store.make("sbom")
    folder = ROOT / "build" / "sbom"
    document = json.loads((folder / f"{store.stack}.cdx.json").read_text())
    images = {each["name"].split(":")[0]: each for each in document["components"] if each["type"] == "container"}
    assert len(images) == 2
    for name, needed in (("repository-store/nexus-stand-in", "createrepo-c"), ("repository-store/nginx", "curl")):
        packages = {each["name"]: each for each in images[name]["components"]}
        assert packages[needed]["purl"].startswith(f"pkg:deb/debian/{needed}@")
        assert packages[needed]["licenses"]
    (stand_in,) = [each for each in images["repository-store/nexus-stand-in"]["components"] if "components" in each]
    assert "golang.org/x/crypto" in names(stand_in)
    programs = {each["name"]: each for each in document["components"] if each["type"] == "application"}
    assert {"pulumi", "pulumi-language-python", "pulumi-resource-docker"} <= programs.keys()
    assert "github.com/docker/docker" in names(programs["pulumi-resource-docker"])
    assert (folder / f"{store.stack}.intoto.jsonl").exists()
    assert "## Apache-2.0" in (folder / f"{store.stack}.licences.md").read_text()


def names(program: dict[str, Any]) -> set[str]:
    return {each["name"] for each in program["components"]}


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An image of this test's own, built as that of nginx is.

    It is removed by its name: what is built from the same files has the same id, so nginx's image has it too.
    """
    monkeypatch.setitem(IMAGES, "altered", lambda: replace(IMAGES["nginx"](), name="altered"))
    remove_what_is_left()
    yield ensure_image("altered")
    remove_what_is_left()


def remove_what_is_left() -> None:
    docker = Docker()
    for container in docker.lines("ps", "--all", "--quiet", "--filter", "name=repository-store-altered"):
        docker.do("rm", "--force", container)
    names = ("images", "--format", "{{.Repository}}:{{.Tag}}", "repository-store/altered")
    for image in docker.lines(*names):
        docker.do("image", "rm", image)
    for entry in cache_folder().glob("provenance-altered-*"):
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def test_an_altered_image_is_found_and_built_again(reference: str) -> None:
    """On the engine itself: a container of it is changed and committed under its name."""
    docker = Docker()

    def deployed() -> Image:
        return Image(reference, docker.do("image", "inspect", "--format", "{{.Id}}", reference))

    built = deployed()
    statement = Statement(json.loads(statements(Pulumi(), [built])))
    definition = statement.document["predicate"]["buildDefinition"]
    (curl,) = [each for each in definition["resolvedDependencies"] if "/curl@" in each.get("uri", "")]
    assert len(curl["digest"]["sha256"]) == 64
    docker.do("run", "--detach", "--name", "repository-store-altered", "--entrypoint", "sleep", reference, "600")
    docker.do("exec", "repository-store-altered", "cp", "/bin/true", "/usr/sbin/nginx")
    docker.do("commit", "repository-store-altered", reference)
    with pytest.raises(CommandError, match=f"provenance: altered after it was built here: {reference}"):
        statements(Pulumi(), [deployed()])
    docker.do("image", "rm", "--force", reference)  # as doctor says
    assert ensure_image("altered") == reference
    assert deployed() == built
