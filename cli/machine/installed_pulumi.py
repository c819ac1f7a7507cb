"""The Pulumi that the user has installed, which is used instead of one that is built here."""

import shutil
import subprocess
from dataclasses import dataclass

from cli.process import run
from cli.versions import numbers

_SECONDS = 10


@dataclass(frozen=True)
class InstalledPulumi:
    """A `pulumi` on PATH."""

    path: str
    version: str
    """What `pulumi version` prints, like v3.260.0; empty if it prints none within ten seconds."""

    @property
    def numbers(self) -> tuple[int, ...]:
        return numbers(self.version)


def installed_pulumi() -> InstalledPulumi | None:
    """None if there is none on PATH."""
    path = shutil.which("pulumi")
    if not path:
        return None
    try:
        return InstalledPulumi(path, run([path, "version"], seconds=_SECONDS).stdout.strip())
    except subprocess.TimeoutExpired:
        return InstalledPulumi(path, "")
