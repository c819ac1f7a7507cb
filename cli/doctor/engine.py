"""The engine of a stack, as the checks ask it."""

import threading

from cli.docker import Docker
from cli.doctor.finding import SECONDS
from cli.stack.stack import Stack


class Engine:
    """Each question has a time limit; one that several checks ask is asked once."""

    def __init__(self, stack: Stack) -> None:
        self.docker = Docker(stack.docker_host)
        self._lock = threading.Lock()
        self._version: str | None = None

    @property
    def version(self) -> str:
        """Like 20.10.24; empty where no engine answers."""
        with self._lock:
            if self._version is None:
                self._version = self.ask("version", "--format", "{{.Server.Version}}")
            return self._version

    def ask(self, *arguments: str) -> str:
        """What docker prints; empty where it refuses or takes too long."""
        return self.docker.within(SECONDS, *arguments)

    def field(self, container: str, template: str) -> str:
        """A field of `docker inspect`; empty for a container that is not there."""
        return self.docker.field(container, template, SECONDS)
