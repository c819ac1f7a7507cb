"""What commands ask of the Docker engine that runs a store, through the docker command."""

import os
import subprocess
from dataclasses import dataclass

from cli.errors import CommandError
from cli.process import run
from cli.stack.environment import base_environment
from preflight.child_environment import child_environment


@dataclass(frozen=True)
class Docker:
    """An engine; None is that of DOCKER_HOST, or this machine's."""

    host: str | None = None

    def ask(self, *arguments: str) -> str:
        """What docker prints, without the last newline; empty where it refuses, as for something that is not there."""
        done = self.result(*arguments)
        return done.stdout.strip() if done.returncode == 0 else ""

    def within(self, seconds: float, *arguments: str) -> str:
        """What docker prints; empty where it refuses or takes longer."""
        try:
            done = run(["docker", *arguments], env=self.environment, seconds=seconds)
        except (subprocess.TimeoutExpired, OSError):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    def lines(self, *arguments: str) -> list[str]:
        return self.ask(*arguments).splitlines()

    def do(self, *arguments: str, text: str | None = None) -> str:
        """What docker prints.

        Raises:
            CommandError: docker refuses, with its own reason.
        """
        done = self.result(*arguments, text=text)
        if done.returncode:
            raise CommandError(f"docker {arguments[0]}", reason(done))
        return done.stdout.strip()

    def result(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        return run(["docker", *arguments], env=self.environment, text=text)

    def field(self, container: str, template: str, seconds: float | None = None) -> str:
        """A field of `docker inspect`; empty for a container that is not there, and where it takes longer."""
        asked = ("inspect", "--type", "container", "--format", template, container)
        return self.ask(*asked) if seconds is None else self.within(seconds, *asked)

    @property
    def environment(self) -> dict[str, str]:
        return child_environment({"DOCKER_HOST": self.host} if self.host else {}, of=base_environment())

    @property
    def is_local(self) -> bool:
        host = self.host or os.environ.get("DOCKER_HOST") or "unix://"
        return host.startswith("unix://")


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """Why a docker command failed."""
    return reason_in(done.stderr or done.stdout or "") or f"exit code {done.returncode}"


def reason_in(output: str) -> str:
    """The last line that docker printed, without its prefix and its hints to ask for help; empty where it has none."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if not line.startswith(("See '", "Run '"))), "")
    return last.removeprefix("docker: ").removeprefix("Error response from daemon: ").rstrip(".")
