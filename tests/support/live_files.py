"""Files that others create and remove while a test reads them: Docker, a server under test, the stores of other tiers.

Path.rglob raises FileNotFoundError when a folder goes away while it walks (Python 3.11 and 3.12).
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOSTS = Path("/etc/hosts")


def files_below(folder: Path) -> list[Path]:
    """The files that are in a folder and its subfolders, except those that go away meanwhile."""
    return [Path(below, name) for below, _, names in os.walk(folder) for name in names if Path(below, name).is_file()]


def processes_of_group(group: Path) -> list[int]:
    """The pids in a control group and in those below it."""
    found: list[int] = []
    for folder, _, _ in os.walk(group):
        with suppress(OSError):  # FileNotFoundError, or ENODEV while the kernel removes it
            found += map(int, Path(folder, "cgroup.procs").read_text().split())
    return found


def hosts() -> list[str]:
    """The lines of /etc/hosts. The commands that change it lock it, and write it in place."""
    with HOSTS.open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return file.read().splitlines()


@contextmanager
def without_hosts_of(name: str) -> Iterator[None]:
    """Removes a name's lines from /etc/hosts, and adds them again; the lines of other stores may change meanwhile."""
    ours = [line for line in hosts() if name in line]
    _rewrite_hosts(lambda lines: [line for line in lines if line not in ours])
    try:
        yield
    finally:
        _rewrite_hosts(lambda lines: [*lines, *ours])


def _rewrite_hosts(change: Callable[[list[str]], list[str]]) -> None:
    with HOSTS.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = change(file.read().splitlines())
        file.seek(0)
        file.write("".join(f"{line}\n" for line in lines))
        file.truncate()
