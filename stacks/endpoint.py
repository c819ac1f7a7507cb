"""The addresses under which clients know the store; all of them are made here."""

from dataclasses import dataclass

USUAL_PORT = 443


@dataclass(frozen=True)
class Endpoint:
    """The store's public name and port, and where Nexus is below them."""

    hostname: str
    port: int
    path: str = ""
    """What Nexus's own paths come after, without a slash at its end."""

    @property
    def authority(self) -> str:
        """The name with its port unless that is the usual one: what `docker login` and image tags start with."""
        return self.hostname if self.port == USUAL_PORT else f"{self.hostname}:{self.port}"

    @property
    def url(self) -> str:
        return f"https://{self.authority}{self.path}"

    def repository(self, name: str) -> str:
        """The URL of a repository for clients other than docker's; it ends in a slash, as Maven and dnf want it."""
        return f"{self.url}/repository/{name}/"
