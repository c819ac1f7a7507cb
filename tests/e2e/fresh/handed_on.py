"""Hands on what the first machine has built to this machine, where the other tiers need the same: it is built once.

python -m tests.e2e.fresh.handed_on waits until a run of this tier that is building has done so, or has ended.
It does not wait where Pulumi is built already; with a published Pulumi on PATH it cannot tell, and waits.
"""

import shutil
import subprocess
import sys
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from cli.machine.built_images import is_there
from cli.machine.cache import FILES, finished, locked, once
from cli.machine.toolchain import pulumi_steps


def building() -> AbstractContextManager[None]:
    """Held while the first machine builds."""
    return locked("first-machine")


def hand_on(cache: Path, images: Path) -> None:
    """Copies the entries of the first machine's cache that this one lacks, and loads the images that it lacks.

    An image that is here stays: if another took its name, the next `up` of a running store would recreate containers.
    """
    for entry in sorted(path.parent for path in cache.glob(f"*/{FILES}")):
        if not finished(entry.name):
            once(entry.name, partial(_copy, entry))
    for archive in sorted(images.iterdir()):
        with locked(f"image-{archive.name.partition(':')[0]}"):
            if not is_there(f"repository-store/{archive.stem}", None):
                subprocess.run(["docker", "load", "--quiet", "--input", archive], check=True, stdout=subprocess.DEVNULL)


def _copy(entry: Path, folder: Path) -> None:
    shutil.copytree(entry, folder, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(FILES))


def main() -> int:
    if pulumi_steps() or shutil.which("pulumi"):
        with building():
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
