"""Looks at files that others remove meanwhile: Docker its control groups, a server its uploads, the kernel the files of
a process that ended. `Path.rglob` and `Path.read_bytes` fail then."""

import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ESRCH)
"""The last two are from reading what was open already: a control group, and a file of a process."""


def below(folder: Path) -> Iterator[Path]:
    """Yields every file and folder in it; what is removed meanwhile may be left out."""
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(where) / name


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in below(folder) if path.is_file())


def content(path: Path) -> bytes:
    """Empty if it is gone."""
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in _GONE:
            return b""
        raise


def arguments(pid: int | str) -> list[str]:
    """The command line of a process; empty if it has ended."""
    return content(Path(f"/proc/{pid}/cmdline")).decode(errors="replace").rstrip("\0").split("\0")


def hosts() -> list[str]:
    """The lines of /etc/hosts. The commands that change it lock it, since they write it in place."""
    with open("/etc/hosts", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return file.read().splitlines()
