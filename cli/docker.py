"""The Docker engine that runs a store, called through the docker command."""

import subprocess
from dataclasses import dataclass

from cli.errors import CommandError
from cli.process import base_environment, run
from preflight.child_environment import child_environment
from preflight.engine_endpoint import EngineEndpoint, NoEndpoint, engine_endpoint


@dataclass(frozen=True)
class Docker:
    """An engine; a `host` of None is the one that the docker command uses."""

    host: str | None = None

    def ask(self, *arguments: str) -> str:
        """docker's output, stripped; empty if the command fails, for example because the object does not exist."""
        done = self.result(*arguments)
        return done.stdout.strip() if done.returncode == 0 else ""

    def within(self, seconds: float, *arguments: str) -> str:
        """docker's output, stripped; empty if the command fails, takes longer or is not installed."""
        try:
            done = run(["docker", *arguments], env=self.environment, seconds=seconds)
        except (subprocess.TimeoutExpired, OSError):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    def lines(self, *arguments: str) -> list[str]:
        return self.ask(*arguments).splitlines()

    def do(self, *arguments: str, text: str | None = None) -> str:
        """docker's output, stripped.

        Raises:
            CommandError: the command fails; the message has docker's reason.
        """
        done = self.result(*arguments, text=text)
        if done.returncode:
            raise CommandError(f"docker {arguments[0]}", reason(done))
        return done.stdout.strip()

    def result(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        return run(["docker", *arguments], env=self.environment, text=text)

    def field(self, container: str, template: str, seconds: float | None = None) -> str:
        """A field of `docker inspect`; empty if the container does not exist or docker takes longer."""
        asked = ("inspect", "--type", "container", "--format", template, container)
        return self.ask(*asked) if seconds is None else self.within(seconds, *asked)

    @property
    def environment(self) -> dict[str, str]:
        return child_environment(self.endpoint.environment, of=base_environment())

    @property
    def endpoint(self) -> EngineEndpoint:
        """Where it is.

        Raises:
            CommandError: docker's context names none that can be used.
        """
        try:
            return engine_endpoint(self.host)
        except NoEndpoint as error:
            raise CommandError("", str(error)) from None


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """Why a docker command failed."""
    return reason_in(done.stderr or done.stdout or "") or f"exit code {done.returncode}"


def reason_in(output: str) -> str:
    """The last line of docker's output, without its prefix and its hints about --help; empty if there is none."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if not line.startswith(("See '", "Run '"))), "")
    return last.removeprefix("docker: ").removeprefix("Error response from daemon: ").rstrip(".")
