"""Snapshots in folders of a test, with the GNU programs of this machine in place of those in nginx's image."""

import os
import shutil
import subprocess
from pathlib import Path

from cli.errors import CommandError
from cli.snapshots.manifest import Described, Manifest
from cli.snapshots.snapshots import Snapshots

STORE = Described("trial", "0123456789abcdef", "3.77.0", "h2", {"first": "a key of sixteen characters"}, "first")


def snapshots(data: Path, place: Path, path: Path | None = None) -> Snapshots:
    """The snapshots in a folder, with programs of this machine or of `path` instead of a container's."""
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}"}

    def run(*command: str, text: str | None = None) -> str:
        found = shutil.which(command[0], path=environment["PATH"])
        done = subprocess.run(
            [str(found), *command[1:]], env=environment, input=text, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandError("restore", done.stderr)
        return done.stdout.strip()

    return Snapshots(run, str(place), str(data))


def made(found: Snapshots, *, full: bool = False) -> str:
    """The name of a new snapshot, of STORE."""
    found.begin(full=full)
    found.finish()
    return found.seal(lambda sealed: Manifest.of(sealed, STORE, 7), full=full).name


def restored(found: Snapshots, name: str) -> None:
    """Restores it, as if Nexus then served it."""
    found.lay(name)
    found.exchange()
    found.settle()
