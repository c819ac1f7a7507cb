"""The images of the store that are in use, as far as this machine knows."""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.docker import Docker
from cli.errors import CommandError
from cli.stack.stack import Stack
from cli.storage.keeping import Images
from jenkins.store import AGENT


def images_in_use(stack: Stack, outputs: Mapping[str, Any]) -> Images:
    """The images in outputs, that of Jenkins's agents, and those of all containers, running or not, on the store's
    engine and on this machine's.

    Raises:
        CommandError: the store's engine does not list its containers.
    """
    references = [f"registry/{AGENT}", *_texts(outputs)]
    for host in {None, stack.docker_host}:
        is_stores = host == stack.docker_host and not stack.is_external
        references += _of_containers(Docker(host), must_answer=is_stores)
    return Images.of(references)


def _of_containers(docker: Docker, *, must_answer: bool) -> list[str]:
    """By the names with which the containers were created, and by digest, since a tag may have moved since."""
    listed = docker.result("ps", "--all", "--quiet", "--no-trunc")
    if listed.returncode:
        if must_answer:
            raise CommandError(
                "docker",
                "the store's engine does not list which images are in use, so nothing is removed",
                fix="make doctor",
            )
        return []
    found = _inspected(docker, "{{.Config.Image}} {{.Image}}", listed.stdout.split())
    digests = _inspected(docker, '{{join .RepoDigests " "}}', [each for each in found if each.startswith("sha256:")])
    return [each for each in found if not each.startswith("sha256:")] + digests


def _inspected(docker: Docker, template: str, ids: list[str]) -> list[str]:
    """What docker prints for the ids; it skips those that have been removed meanwhile."""
    return docker.result("inspect", "--format", template, *ids).stdout.split() if ids else []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
