"""Gives each machine its own control group, in which its engine creates the groups of its containers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

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


def removed(name: str) -> None:
    """Removes the groups of a machine that has ended, deepest first."""
    for controllers, own in _own():
        if not controllers and not version_2():
            continue
        top = (MOUNT if version_2() else own) / f"{PREFIX}{name}"
        for folder, _, _ in os.walk(top, topdown=False):
            os.rmdir(folder)
