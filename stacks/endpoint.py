"""The store's public address; no other module builds one."""

from dataclasses import dataclass

USUAL_PORT = 443


@dataclass(frozen=True)
class Endpoint:
    """The store's public name and port, and the context path of Nexus."""

    hostname: str
    port: int
    path: str = ""
    """The context path, without a trailing slash."""

    @property
    def authority(self) -> str:
        """The name, with the port unless that is 443: what `docker login` and image tags start with."""
        return self.hostname if self.port == USUAL_PORT else f"{self.hostname}:{self.port}"

    @property
    def url(self) -> str:
        return f"https://{self.authority}{self.path}"
