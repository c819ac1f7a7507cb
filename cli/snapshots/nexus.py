"""Stops Nexus for a backup or restore, and starts it again."""

import time
from functools import cached_property

from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError
from cli.process import run
from cli.stack.stack import Stack
from stacks.layout import (
    DATA_FOLDER,
    NEXUS,
    NEXUS_DATA,
    NEXUS_THROUGH_NGINX,
    NGINX,
    THROUGH_NGINX_SECONDS,
)

_KILLED = "137"


class Nexus:
    """The container of a stack's Nexus. A container that the engine does not describe is an error, and none that is
    stopped or missing: a restore would overwrite the open database, a backup would copy another volume."""

    def __init__(self, stack: Stack, docker: Docker) -> None:
        self._stack = stack
        self._docker = docker
        self._name = stack.docker_name(NEXUS)
        self._stopped_at: float | None = None
        self.away_seconds: int | None = None
        """How long it was unavailable; None before it serves again."""

    @property
    def exists(self) -> bool:
        return bool(self._field("{{.Id}}"))

    @property
    def is_running(self) -> bool:
        return self._field("{{.State.Running}}") == "true"

    @property
    def volume(self) -> str:
        """The name of its data volume; a renamed stack keeps its old volume."""
        template = f'{{{{range .Mounts}}}}{{{{if eq .Destination "{DATA_FOLDER}"}}}}{{{{.Name}}}}{{{{end}}}}{{{{end}}}}'
        return self._field(template) or self._stack.docker_name(NEXUS_DATA)

    def _field(self, template: str) -> str:
        """Empty if there is no container.

        Raises:
            CommandError: the engine does not say.
        """
        if self._name not in self._docker.do("ps", "--all", "--format", "{{.Names}}").splitlines():
            return ""
        return self._docker.do("container", "inspect", "--format", template, self._name)

    @cached_property
    def _ready_seconds(self) -> int:
        return self._stack.settings.nexus.ready_timeout_seconds

    def stop(self, *, closed: bool = True) -> None:
        """Stops the container, so that the database is closed and no file of a blob store changes.

        Raises:
            CommandError: it did not stop by itself in time, and its database has to be `closed`.
        """
        if not self.is_running:
            return
        _ = self._ready_seconds  # refused, if it is wrong, before Nexus stops
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
        self._docker.do("stop", self._name)
        if closed and self._field("{{.State.ExitCode}}") == _KILLED:
            raise CommandError(
                "nexus.stopTimeoutSeconds",
                "Nexus did not stop in time and was killed, so its database was not closed",
                fix=f"./store pulumi config set --stack {self._stack.name} --path nexus.stopTimeoutSeconds 600",
            )

    def resume(self) -> None:
        """Starts it, and waits until it serves clients."""
        self._docker.do("start", self._name)
        environment = {
            **self._docker.environment,
            "CONTAINER": self._name,
            "TIMEOUT_SECONDS": str(self._ready_seconds),
        }
        waited = run(["sh", "components/scripts/wait-until-writable.sh"], env=environment)
        if waited.returncode:
            raise CommandError(self._name, waited.stderr.strip())
        retrying = ["--retry", str(THROUGH_NGINX_SECONDS), "--retry-delay", "1", "--retry-all-errors"]
        ask = ["curl", "--silent", "--fail", "--output", "/dev/null", *retrying, *NEXUS_THROUGH_NGINX]
        self._docker.do("exec", self._stack.docker_name(NGINX), *ask)
        if self._stopped_at is not None:
            self.away_seconds = round(time.monotonic() - self._stopped_at)
        away = "" if self.away_seconds is None else f"; it was unavailable for {self.away_seconds} s"
        say(f"Nexus serves again{away}")
