"""The container in which snapshots are written and read.

Its name allows only one per stack on an engine. Its label says who started it and whether Nexus was running, so that
the next command on the stack can clean up after a killed one.
"""

import json
import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Self

from cli.console import say
from cli.docker import Docker, reason
from cli.errors import CommandError
from cli.process import is_running
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import Place, folder_of
from cli.snapshots.snapshots import Snapshots
from cli.stack.stack import PROJECT, Stack
from stacks.layout import NGINX

_LABEL = f"{PROJECT}.snapshot"
_KEY = "backup.location"
_NO_FOLDER = "bind source path does not exist"
_ROOTS = ("0", "65534")
"""root, and nobody, as whom root writes to an NFS share with root_squash. No other user can give a folder to them."""


@dataclass(frozen=True)
class Holder:
    """Who started the container."""

    command: str
    """backup, verify or restore."""
    host: str
    pid: int
    resume: bool
    """Whether Nexus was running and has to be started again."""
    other_store: bool = False
    """Whether the snapshot is of another store, so that nobody has a login until the restore has ended."""

    @property
    def is_gone(self) -> bool:
        return self.host == platform.node() and not is_running(self.pid, "python")


class Helper:
    """The container for the duration of a command. Afterwards it is removed, and Nexus runs if it ran before."""

    def __init__(self, stack: Stack, docker: Docker, nexus: Nexus, holder: Holder) -> None:
        self._stack = stack
        self._docker = docker
        self._nexus = nexus
        self._holder = holder
        self._name = name_of(stack)
        self.snapshots = Snapshots(self.inside, f"/place/{folder_of(stack)}")

    @classmethod
    def of_this_process(
        cls, command: str, stack: Stack, docker: Docker, nexus: Nexus, *, other_store: bool = False
    ) -> Self:
        """The container for this command, not started yet."""
        resume = command != "verify" and nexus.is_running
        return cls(stack, docker, nexus, Holder(command, platform.node(), os.getpid(), resume, other_store))

    @contextmanager
    def running(self, place: Place) -> Iterator[Self]:
        """Runs it during the block. A backup mounts the data volume read-only, a restore the snapshots; a verification
        mounts only these, and writes its lists there.

        Raises:
            CommandError: docker fails, or the place does not exist or is not one of root alone.
        """
        self._require_volume(place)
        self._start(place)
        try:
            self._prepare(place)
            yield self
        except BaseException:
            self._docker.ask("restart", "--time", "0", self._name)  # ends what still runs in it
            raise
        finally:
            self.end()

    def _require_volume(self, place: Place) -> None:
        """Refuses to restore from a volume that docker would create, empty."""
        if self._holder.command == "backup" or place.is_folder:
            return
        volumes = self._docker.do("volume", "ls", "--format", "{{.Name}}").splitlines()
        if place.location not in volumes:
            raise self._missing("volume", place)

    def _missing(self, what: str, place: Place) -> CommandError:
        return CommandError(
            _KEY,
            f"there is no such {what} on the docker host",
            got=place.location,
            allowed="where the snapshots are: a folder of the docker host that exists, or the name of a volume",
            fix=f"create it there, or ./store pulumi config set --stack {self._stack.name} --path {_KEY} PLACE",
        )

    def _start(self, place: Place) -> None:
        image = self._docker.field(self._stack.docker_name(NGINX), "{{.Image}}")
        if not image:
            raise CommandError(
                f"STACK={self._stack.name}", "its containers are missing", fix=f"make up STACK={self._stack.name}"
            )
        try:
            started = self._run(place, image)
        except BaseException:  # after Ctrl-C the container may exist already
            self._docker.ask("rm", "--force", self._name)
            raise
        if started.returncode:
            self._docker.ask("rm", "--force", self._name) if "is already in use" not in started.stderr else None
            if _NO_FOLDER in started.stderr:
                raise self._missing("folder", place)
            raise CommandError(
                f"{self._holder.command} of {self._stack.name}",
                f"it could not start: {reason(started)}",
                fix=f"solve that; if an earlier one was interrupted on another machine: docker rm --force {self._name}",
            )

    def _run(self, place: Place, image: str) -> subprocess.CompletedProcess[str]:
        data = f"type=volume,source={self._nexus.volume},target=/data"
        mounts = {
            "backup": (f"{data},readonly", place.mount),
            "verify": (place.mount,),
            "restore": (data, f"{place.mount},readonly"),
        }[self._holder.command]
        return self._docker.result(
            *["run", "--detach", "--name", self._name, "--label", f"{_LABEL}={json.dumps(asdict(self._holder))}"],
            *["--network", "none", "--user", "0:0", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"],  # noqa: S108
            *["--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE", "--cap-add", "FOWNER"],
            *["--security-opt", "no-new-privileges:true", "--entrypoint", "sleep"],
            *[option for mount in mounts for option in ("--mount", mount)],
            *[image, "infinity"],
        )

    def _prepare(self, place: Place) -> None:
        if "GNU" not in self._docker.result("exec", self._name, "find", "--version").stdout:
            raise CommandError("nginx.image", "backups need an image with the GNU tools, like the official one")
        if self._holder.command == "backup":
            made = self._docker.result("exec", self._name, "mkdir", "--parents", "--mode", "700", self.snapshots.folder)
            if made.returncode:
                raise CommandError(_KEY, made.stderr.strip())
        self._require_own(f"{place.location}/{folder_of(self._stack)}")

    def _require_own(self, shown: str) -> None:
        """Refuses a folder into which others can write: they could read a backup, or have their own files restored."""
        asked = ("find", self.snapshots.folder, "-maxdepth", "0", "-printf", "%y %U %m")
        found = self._docker.result("exec", self._name, *asked).stdout.split()
        if not found:
            return  # none yet: there is nothing to restore
        kind, owner, mode = found
        if kind != "d" or owner not in _ROOTS or int(mode, 8) & 0o022:
            raise CommandError(
                _KEY,
                f"{shown} is not a folder of root alone, so what is in it may come from somebody else",
                got=f"a link or file of user {owner}" if kind != "d" else f"user {owner}, mode {mode}",
                allowed="a folder of root into which nobody else can write; a backup creates it itself",
                fix=f"find out who made it, then move it away; if it is yours: chown root {shown}; chmod 700 {shown}",
            )

    def inside(self, *command: str, text: str | None = None) -> str:
        """The output of a program in the container, with `text` as its standard input.

        Raises:
            CommandError: it failed; the message has its own reason.
        """
        done = self._docker.result("exec", *(["--interactive"] if text else []), self._name, *command, text=text)
        if done.returncode:
            raise CommandError(
                self._holder.command, done.stderr.strip() or f"{command[0]} ended with {done.returncode}"
            )
        return done.stdout.strip()

    def end(self) -> None:
        """Removes it, after completing the data and starting Nexus if it ran before."""
        restored = self._holder.command == "restore"
        if restored:  # does nothing after a successful restore
            self.reject() if self._holder.other_store else self.snapshots.repair()
        if self._holder.resume and not self._nexus.is_running:
            self._nexus.resume()
        if restored:
            self.snapshots.settle()
        self._docker.ask("rm", "--force", self._name)

    def reject(self) -> bool:
        """Puts the former content back if a restore has replaced it, and not ended; returns whether it has."""
        if not self.snapshots.repair():
            return False
        self._nexus.stop(closed=False)
        return self.snapshots.back()


def finish_interrupted(stack: Stack, docker: Docker) -> None:
    """Cleans up after a killed backup or restore of the stack. The caller holds its lock.

    Raises:
        CommandError: one seems to be running on another machine.
    """
    name = name_of(stack)
    found = docker.field(name, f'{{{{index .Config.Labels "{_LABEL}"}}}}|{{{{.State.Running}}}}')
    if not found:
        return
    holder = _holder(found.rpartition("|")[0])
    if holder is None or not holder.is_gone:
        where = f"process {holder.pid} on {holder.host}" if holder else "another command"
        command = holder.command if holder else "backup"
        raise CommandError(
            f"STACK={stack.name}",
            f"{where} is running a {command} of it",
            fix=f"wait for it; if it was killed: docker rm --force {name}; docker start {stack.docker_name('nexus')}",
        )
    say(f"an earlier {holder.command} of the stack {stack.name} was killed (process {holder.pid})")
    helper = Helper(stack, docker, Nexus(stack, docker), holder)
    if holder.command == "restore":
        docker.do("restart", "--time", "0", name)
        new = helper.snapshots.repair()
        say("the restore is finished" if new and not holder.other_store else "the stored data is the former one")
    helper.end()


def name_of(stack: Stack) -> str:
    return stack.docker_name("backup")


def _holder(text: str) -> Holder | None:
    try:
        return Holder(**json.loads(text))
    except (ValueError, TypeError):
        return None
