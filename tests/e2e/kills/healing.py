"""A command is killed at a step; the store must be whole after the same command ran again."""

import itertools
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.e2e.kills.killing import How, Run, run_killed
from tests.e2e.store.small_store import ids, left
from tests.e2e.store.store import ROOT, Store

STACK = "kills"


class NotHealed(Exception):
    """The problem after a kill, with the commands' output."""


@dataclass(frozen=True)
class Kill:
    """A command and the step at which it is killed."""

    command: str
    step: int
    how: How

    def __str__(self) -> str:
        return f"{self.command} at step {self.step}, {self.how.value}"


@dataclass(frozen=True)
class Healing:
    """Kills commands on one store and checks the recovery."""

    store: Store

    def up(self, kill: Kill) -> Run:
        """Kills an `up`: the next one succeeds, another one changes nothing, and the store serves."""
        killed = self._run("up", kill)
        healed = self._expect("up", kill)
        before = ids(self.store)
        again = self._expect("up", kill)
        if "nothing to change" not in again.output:
            raise NotHealed(f"{kill}: a second up changes something:\n{healed.output}\n---\n{again.output}")
        if ids(self.store) != before:
            raise NotHealed(f"{kill}: a second up restarts containers:\n{again.output}")
        self._serves(kill)
        self._no_processes(kill)
        return killed

    def down(self, kill: Kill) -> Run:
        """Kills a `down`: the next one succeeds and leaves nothing."""
        killed = self._run("down", kill)
        healed = self._expect("down", kill)
        if found := left(self.store):
            raise NotHealed(f"{kill}: down leaves {found}:\n{killed.output}\n---\n{healed.output}")
        self._no_processes(kill)
        return killed

    def count(self, command: str) -> int:
        """The number of steps of the command without a kill."""
        done = self._expect(command, Kill(command, 0, How.PROCESS))
        return done.steps

    def _run(self, command: str, kill: Kill) -> Run:
        return run_killed(self._command(command), self.store.root, kill.step, kill.how)

    def _expect(self, command: str, kill: Kill) -> Run:
        done = run_killed(self._command(command), self.store.root, None, kill.how)
        if done.code:
            raise NotHealed(f"{kill}: the next {command} exits with {done.code}:\n{done.output}")
        return done

    def _command(self, command: str) -> list[str]:
        return ["./store", command, "--stack", self.store.stack]

    def _serves(self, kill: Kill) -> None:
        for remembered in ("outputs", "ca"):  # the certificate may have changed
            self.store.__dict__.pop(remembered, None)
        if not self.store.api("GET", "/v1/security/users").ok:
            raise NotHealed(f"{kill}: the administrator's password does not open the store")

    def _no_processes(self, kill: Kill) -> None:
        wanted = f"REPOSITORY_STORE_STACK={self.store.stack}".encode()
        found = [pid for pid, environment in _environments() if wanted in environment.split(b"\0")]
        if found:
            raise NotHealed(f"{kill}: the processes {found} are left")

    def change(self) -> None:
        """Changes the stack file: nginx's memory, a sysctl, the password, one repository more or less."""
        file, number = self.store.file, next(_NUMBERS)
        stack = yaml.safe_load(file.read_text())
        config = stack["config"]
        nginx = config["repository-store:nginx"]
        nginx["memory"] = f"{256 + number % 2 * 64}m"
        nexus = config.setdefault("repository-store:nexus", {})
        nexus["sysctls"] = {"net.core.somaxconn": str(1024 + number)}
        for section, body in (
            ("blobStores", {"more": {}}),
            ("repositories", {"more": {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "more"}}}),
        ):
            config.pop(f"repository-store:{section}", None)
            if number % 2:
                config[f"repository-store:{section}"] = body
        if number % 2:
            config["repository-store:roles"] = {"ci": {"push": ["files", "more"]}}
        else:
            config.pop("repository-store:roles", None)
        file.write_text(yaml.safe_dump(stack, sort_keys=False))
        self.store.configure_secret("passwords.admin", secrets.token_urlsafe(24))


_NUMBERS = itertools.count(1)


def _environments() -> Iterator[tuple[int, bytes]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid():
                yield int(folder.name), (folder / "environ").read_bytes()
        except OSError:
            continue


def spread(count: int, total: int) -> list[int]:
    """`count` steps from 1 to `total`, evenly spaced, with the first and the last."""
    return [1 + round(index * (total - 1) / max(count - 1, 1)) for index in range(count)]


def hows() -> Iterator[How]:
    """Each way twice, so that of two commands that are killed in turn both get all ways."""
    return itertools.cycle(how for how in (*How, *reversed(How)))


__all__ = ["ROOT", "STACK", "Healing", "Kill", "NotHealed", "hows", "spread"]
