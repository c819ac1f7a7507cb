"""Gives each machine its own control group, in which its engine creates the groups of its containers."""

import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.vanishing import arguments, below, content

_SECONDS = 10
MOUNT = Path("/sys/fs/cgroup")
PREFIX = "repository-store-fresh-"


def _own() -> Iterator[tuple[str, Path]]:
    """Controllers and folder of this process's group, for each hierarchy."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        yield controllers, MOUNT / controllers.removeprefix("name=") / path.lstrip("/")


def version_2() -> bool:
    return (MOUNT / "cgroup.controllers").exists()


def hierarchies() -> list[str] | None:
    """The controllers of each hierarchy of version 1; None for version 2, which has one hierarchy."""
    return None if version_2() else [controllers for controllers, _ in _own() if controllers]


def made(name: str) -> list[Path]:
    """Creates a group for the machine in each hierarchy."""
    folders = []
    for controllers, own in _own():
        if not controllers and not version_2():
            continue
        folder = (MOUNT if version_2() else own) / f"{PREFIX}{name}"
        folder.mkdir()
        if "cpuset" in controllers.split(","):
            for file in ("cpuset.cpus", "cpuset.mems"):
                (folder / file).write_text((own / file).read_text())
        folders.append(folder)
    return folders


def joining(folders: list[Path]) -> Callable[[], None]:
    """Returns a function that moves the calling process into the groups."""

    def join() -> None:
        for folder in folders:
            inner = folder / "init"  # in version 2, see boot.py
            ((inner if inner.exists() else folder) / "cgroup.procs").write_text("0")

    return join


def processes(group: Path) -> dict[int, str]:
    """The command lines of the processes in a group and the groups in it, which Docker makes and removes meanwhile."""
    listed = [path for path in below(group) if path.name == "cgroup.procs"]
    lines = {pid: " ".join(arguments(pid)) for path in listed for pid in map(int, content(path).split())}
    return {pid: line for pid, line in lines.items() if line}


def removed(name: str) -> None:
    """Removes the groups of a machine that has ended, deepest first."""
    for controllers, own in _own():
        if not controllers and not version_2():
            continue
        top = (MOUNT if version_2() else own) / f"{PREFIX}{name}"
        for folder, _, _ in os.walk(top, topdown=False):
            _remove(folder)


def _remove(folder: str) -> None:
    """Waits for the kernel, to which a killed process belongs to its group for a moment longer."""
    end = time.monotonic() + _SECONDS
    while True:
        try:
            return os.rmdir(folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > end:
                raise
        time.sleep(0.05)
