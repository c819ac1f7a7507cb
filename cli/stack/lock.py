"""Lets only one command at a time work on a stack."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from cli.console import say
from cli.errors import CommandError
from cli.paths import LOCAL, cache_folder
from cli.stack.stack import Stack

_READS, _READ_SECONDS = 20, 0.05


@dataclass(frozen=True)
class Holder:
    """Who holds a lock."""

    command: str
    pid: int
    since: float
    """Seconds since the epoch."""

    def __str__(self) -> str:
        began = time.strftime("%H:%M:%S", time.localtime(self.since))
        return f"{self.command} (process {self.pid}, since {began})"


class StackLock:
    """Held during a `with` block by one process of this user on this machine; the kernel releases it if that is killed.

    A second command prints whom it waits for, or with `wait=False` fails:

        with StackLock(stack, "up"):
            ...
    """

    def __init__(self, stack: Stack, command: str, *, wait: bool = True, own: bool = False) -> None:
        self._stack = stack
        self._command = f"{command} --stack {stack.name}"
        self._wait = wait
        self.path = lock_file(stack, own=own)

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except BaseException:
            os.close(self._file)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.ftruncate(self._file, 0)
        os.close(self._file)

    def _take(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = str(_named_holder(self.path) or "another command")
            if not self._wait:
                raise CommandError(
                    f"stack {self._stack.name}", f"it is locked by {holder}", fix="wait for it, or leave out --no-wait"
                ) from None
            say(f"waiting for {holder} on the same stack to end ...")
            fcntl.flock(self._file, fcntl.LOCK_EX)
        written = json.dumps(asdict(Holder(self._command, os.getpid(), time.time()))).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, written, 0)


def lock_file(stack: Stack, *, own: bool = False) -> Path:
    """A shared stack's lock is in the user's cache, for all clones. `own`: a stack of this machine is being created."""
    folder = LOCAL if own or stack.is_own else cache_folder()
    return folder / "locks" / f"{stack.name}.lock"


def holder(stack: Stack) -> Holder | None:
    """The current holder of the stack's lock."""
    return _holder(lock_file(stack))


def _named_holder(path: Path) -> Holder | None:
    """The holder, with retries: one that has just taken the lock has not written its name yet."""
    for _ in range(_READS):
        if found := _holder(path):
            return found
        time.sleep(_READ_SECONDS)
    return None


def _holder(path: Path) -> Holder | None:
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Holder(**json.load(file))
    except (OSError, ValueError, TypeError):
        pass
    return None
