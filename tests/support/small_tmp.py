"""A /tmp as the containers of the store have it: a tmpfs of its size."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stacks.layout import TMP_MIB


@contextmanager
def small_tmp(folder: Path) -> Iterator[Path]:
    """Mounts it in the folder; nginx and its test may write to it."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"mode=1777,size={TMP_MIB}m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def free_mib(folder: Path) -> float:
    """What the file system has left, files that are deleted but still open included."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize / (1 << 20)
