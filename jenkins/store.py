"""The stack's outputs as the templates want them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

NEEDED = (
    "url",
    "docker_push_registry",
    "docker_pull_registry",
    "repositories",
    "ca_certificate_pem",
    "jenkins_credentials",
)


class NotTheOutputs(ValueError):
    """The JSON is not what `pulumi stack output --json` prints for this project."""


@dataclass(frozen=True)
class Repository:
    """A repository that clients reach at its URL."""

    name: str
    format: str
    type: str
    url: str


@dataclass(frozen=True)
class Store:
    """The store as its clients see it. There is no secret in it."""

    url: str
    docker_push_registry: str
    docker_pull_registry: str
    repositories: tuple[Repository, ...]
    ca_certificate_pem: str
    credentials_id: str
    username: str

    @classmethod
    def of(cls, outputs: Any) -> Self:
        """The store that the outputs describe.

        Raises:
            NotTheOutputs: one that is needed is missing; all missing ones are named.
        """
        given = outputs if isinstance(outputs, Mapping) else {}
        missing = [name for name in NEEDED if name not in given]
        if missing:
            raise NotTheOutputs(f"there is no output {', '.join(missing)}")
        return cls(
            given["url"],
            given["docker_push_registry"],
            given["docker_pull_registry"],
            tuple(Repository(name, **about) for name, about in given["repositories"].items()),
            given["ca_certificate_pem"],
            given["jenkins_credentials"]["id"],
            given["jenkins_credentials"]["username"],
        )

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def of_format(self, *formats: str, type: str = "") -> list[Repository]:
        return [r for r in self.repositories if r.format in formats and type in ("", r.type)]

    def read_from(self, *formats: str) -> Repository | None:
        """The one repository that a client reads from: the group; without one, a proxy or else what is hosted.

        Raises:
            NotTheOutputs: more than one could be meant.
        """
        for kind in ("group", "proxy", "hosted"):
            found = self.of_format(*formats, type=kind)
            if len(found) > 1:
                names = ", ".join(repository.name for repository in found)
                raise NotTheOutputs(
                    f"{len(found)} {formats[0]} {kind} repositories could be meant ({names}): "
                    f"put them into one {formats[0]} group in the topology"
                )
            if found:
                return found[0]
        return None
