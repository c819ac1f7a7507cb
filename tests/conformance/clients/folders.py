"""Folders of Docker daemons, which have mounts below them."""

import subprocess
from pathlib import Path


def made_anew(folder: Path) -> None:
    """Makes an empty folder, and unmounts the leftovers of a killed run below it."""
    removed(folder)
    folder.mkdir()


def removed(folder: Path) -> None:
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in sorted((each for each in mounts if Path(each).is_relative_to(folder)), reverse=True):
        subprocess.run(["umount", "--lazy", mount], check=True)
    subprocess.run(["rm", "-rf", str(folder)], check=True)
