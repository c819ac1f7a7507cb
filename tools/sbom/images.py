"""The images of a stack, with their Debian packages and Go program. Of their programs only dpkg-query and grep run."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from packageurl import PackageURL

from cli.docker import Docker
from tools.sbom.debian_packages import LICENCES, QUERY, debian_packages
from tools.sbom.go_programs import go_program

_IMAGE = "docker:index/remoteImage:RemoteImage"
_CONFINED = ("--rm", "--pull", "never", "--network", "none", "--read-only", "--cap-drop", "ALL")


@dataclass(frozen=True)
class Image:
    """An image as the state records it."""

    name: str
    id: str
    """`sha256:...` of its configuration."""


def images_of(resources: Iterable[Mapping[str, Any]]) -> list[Image]:
    """The images of a state, without duplicates."""
    found = {
        Image(str(outputs["name"]), str(outputs["imageId"]))
        for resource in resources
        if resource.get("type") == _IMAGE and (outputs := resource.get("outputs"))
    }
    return sorted(found, key=lambda image: image.name)


def read_image(docker: Docker, image: Image) -> Component:
    """The image with its contents, read from the engine.

    Raises:
        CommandError: the engine does not have it.
    """
    (inspected,) = json.loads(docker.do("image", "inspect", image.id))
    packages = debian_packages(_run(docker, image, QUERY), _run(docker, image, LICENCES), image.name)
    program = _entrypoint(docker, image, inspected)
    return component_of(image, inspected, [*packages, *([program] if program else [])])


def component_of(image: Image, inspected: Mapping[str, Any], parts: Iterable[Component]) -> Component:
    """The image with its tag, and its digest if it came from a registry."""
    repository, _, tag = image.name.partition("@")[0].partition(":")
    digests = [digest.partition("@")[2] for digest in inspected.get("RepoDigests") or []]
    packages = list(parts)
    properties = [Property(name="repository-store:image-id", value=image.id)]
    if not packages:
        properties.append(Property(name="repository-store:packages", value="not read: the image has no dpkg-query"))
    return Component(
        name=image.name,
        version=digests[0] if digests else tag or None,
        type=ComponentType.CONTAINER,
        scope=ComponentScope.REQUIRED,
        purl=PackageURL("oci", name=repository.rpartition("/")[2], version=digests[0]) if digests else None,
        bom_ref=f"image:{image.name}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest.removeprefix("sha256:")) for digest in digests[:1]],
        properties=properties,
        components=packages,
    )


def _run(docker: Docker, image: Image, command: Sequence[str]) -> str:
    """The stdout of a program in the image; empty if there is no such program."""
    return docker.result("run", *_CONFINED, "--entrypoint", command[0], image.id, *command[1:]).stdout


def _entrypoint(docker: Docker, image: Image, inspected: Mapping[str, Any]) -> Component | None:
    """The program that the image starts, if it is a Go program."""
    words = (inspected.get("Config") or {}).get("Entrypoint") or [""]
    if not words[0].startswith("/"):
        return None
    container = docker.do("create", "--pull", "never", image.id)
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "program"
            done = docker.result("cp", "--follow-link", f"{container}:{words[0]}", str(file))
            return go_program(file, f"{image.name}{words[0]}") if done.returncode == 0 else None
    finally:
        docker.do("rm", "--volumes", container)
