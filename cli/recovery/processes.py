"""What a killed Pulumi leaves running: its plugins for up to five minutes, and what they were doing for the stack."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from cli.console import say
from cli.paths import ROOT
from cli.stack.stack import Stack

_PROC = Path("/proc")
_SECONDS = 5.0
# The engine finishes what it was asked for last, like a container that was being started.
_SETTLING_SECONDS = 1.0


def end_orphans(stack: Stack) -> None:
    """Ends the processes that were started for the stack from this project and have lost their Pulumi.

    The caller holds the lock of the stack. A plugin that lives on may still make what nobody writes into the state.
    """
    orphans = list(_orphans(stack))
    if not orphans:
        return
    for pid in orphans:
        _send(pid, signal.SIGKILL)
    deadline = time.monotonic() + _SECONDS
    while any(_is_alive(pid) for pid in orphans) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(_SETTLING_SECONDS)
    say(f"{len(orphans)} processes of a command that was killed were still running: they are ended")


def _orphans(stack: Stack) -> Iterator[int]:
    wanted = {f"REPOSITORY_STORE_STACK={stack.name}".encode(), f"VIRTUAL_ENV={ROOT / '.venv'}".encode()}
    for folder in _PROC.glob("[0-9]*"):
        pid = int(folder.name)
        try:
            environment = set((folder / "environ").read_bytes().split(b"\0"))
        except OSError:
            continue  # it has ended, or belongs to another user
        if wanted <= environment and _is_alive(pid) and not any(map(_is_at_work, _line(pid))):
            yield pid


def _line(pid: int) -> Iterator[int]:
    """The process, its parent, and so on."""
    while pid > 1:
        yield pid
        pid = _parent(pid)


def _is_at_work(pid: int) -> bool:
    """Whether it is a Pulumi or one of our commands, under which nothing is an orphan."""
    try:
        arguments = (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(arguments[0])).name == "pulumi" or b"cli" in arguments[1:3]


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _is_alive(pid: int) -> bool:
    fields = _stat(pid)
    return bool(fields) and fields[0] not in ("Z", "X")


def _stat(pid: int) -> list[str]:
    """From the state on."""
    try:
        return (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _send(pid: int, signum: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signum)
