"""The engine of a stack, for the checks."""

import threading

from cli.docker import Docker
from cli.doctor.finding import SECONDS
from cli.stack.stack import Stack


class Engine:
    """Each call has a time limit; the version, which several checks need, is read once."""

    def __init__(self, stack: Stack) -> None:
        self.docker = Docker(stack.docker_host)
        self._lock = threading.Lock()
        self._version: str | None = None

    @property
    def version(self) -> str:
        """Like 20.10.24; empty if no engine answers."""
        with self._lock:
            if self._version is None:
                self._version = self.ask("version", "--format", "{{.Server.Version}}")
            return self._version

    def ask(self, *arguments: str) -> str:
        """docker's output; empty if the command fails or takes too long."""
        return self.docker.within(SECONDS, *arguments)

    def field(self, container: str, template: str) -> str:
        """A field of `docker inspect`; empty if the container does not exist."""
        return self.docker.field(container, template, SECONDS)
