from typing import Annotated

from pydantic import StringConstraints

from stacks.patterns import DOCKER_HOST_PATTERN
from stacks.value import Value


class DockerSettings(Value):
    """The Docker engine that runs the store; None means the one that the docker command uses."""

    host: Annotated[str, StringConstraints(pattern=DOCKER_HOST_PATTERN)] | None = None

    @property
    def is_local(self) -> bool:
        return self.host is None or self.host.startswith("unix://")
