from typing import Annotated

from pydantic import StringConstraints

from stacks.value import Value

HOST_PATTERN = r"^(unix:///[^\s]+|ssh://([^\s/@:]+@)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?(/[^\s]*)?)$"
HOST_ALLOWED = "unix:///PATH or ssh://[USER@]HOST[:PORT], like ssh://deploy@nexus.domain.org"


class DockerSettings(Value):
    """The Docker engine that runs the store; None takes DOCKER_HOST or the engine of this machine."""

    host: Annotated[str, StringConstraints(pattern=HOST_PATTERN)] | None = None

    @property
    def is_local(self) -> bool:
        return self.host is None or self.host.startswith("unix://")
