"""The stack's outputs in the form that the templates use."""

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
    "ci_pull_credentials",
    "ci_push_credentials",
)
AGENT = "jenkins-agent:latest"
"""The image of Jenkins's agents, below the registry."""
_SNAPSHOTS = ("SNAPSHOT", "MIXED")


class NotTheOutputs(ValueError):
    """The JSON is not what `pulumi stack output --json` prints for this project."""


@dataclass(frozen=True)
class Repository:
    """A repository that clients reach at its URL."""

    name: str
    format: str
    type: str
    url: str
    version_policy: str = ""
    """RELEASE, SNAPSHOT or MIXED; only Maven repositories have one."""


@dataclass(frozen=True)
class Login:
    """A user of Nexus, and the id of the user's credentials in Jenkins."""

    id: str
    username: str


@dataclass(frozen=True)
class Store:
    """The store as its clients see it, without secrets."""

    url: str
    docker_push_registry: str
    docker_pull_registry: str
    repositories: tuple[Repository, ...]
    ca_certificate_pem: str
    pull: Login
    """Fetches from the groups."""
    push: Login
    """Publishes to the hosted repositories, and fetches too."""
    jenkins: Login | None
    """May do both, for builds that name its login; None without such a user."""

    @classmethod
    def of(cls, outputs: Any) -> Self:
        """The store that the outputs describe.

        Raises:
            NotTheOutputs: outputs are missing, and the error lists them all; or a user is not declared.
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
            _declared("ci_pull", given),
            _declared("ci_push", given),
            _login("jenkins", given),
        )

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def logins(self) -> list[Login]:
        return [self.pull, self.push, *([self.jenkins] if self.jenkins else [])]

    @property
    def has_snapshots(self) -> bool:
        """Whether a hosted or proxy repository of Maven holds snapshots."""
        return any(r.type != "group" and r.version_policy in _SNAPSHOTS for r in self.repositories)

    def of_format(self, *formats: str, type: str = "") -> list[Repository]:
        return [r for r in self.repositories if r.format in formats and type in ("", r.type)]

    def read_from(self, *formats: str) -> Repository | None:
        """The repository that a client reads from: the group, or else the proxy, or else the hosted one.

        Raises:
            NotTheOutputs: there is more than one candidate.
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


def _login(prefix: str, outputs: Mapping[str, Any]) -> Login | None:
    login = Login(**outputs[f"{prefix}_credentials"])
    return login if login.username else None


def _declared(prefix: str, outputs: Mapping[str, Any]) -> Login:
    login = _login(prefix, outputs)
    if login is None:
        user = prefix.replace("_", "-")
        raise NotTheOutputs(
            f"there is no user {user}: declare users.{user} and its password in the stack, and run `up`"
        )
    return login
