"""Where Pulumi is: the published CLI on PATH, or else the one that lab/toolchain builds."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.errors import Ended
from cli.paths import ROOT


@dataclass(frozen=True)
class Pulumi:
    """A Pulumi CLI with its plugins. The defaults are those of the published one."""

    path_entries: tuple[Path, ...] = ()
    """Folders that come first on PATH."""
    home: Path | None = None
    """PULUMI_HOME; None leaves it as it is."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Further variables for it."""


def ensure_pulumi() -> Pulumi:
    """Builds Pulumi and its plugins unless they are there.

    Raises:
        Ended: the build failed, and said why.
    """
    if shutil.which("pulumi"):
        return Pulumi()
    built = subprocess.run([ROOT / "lab/toolchain/build"], stdout=subprocess.PIPE, text=True, check=False)
    if built.returncode:
        raise Ended(built.returncode)
    folder = Path(built.stdout.strip())
    return Pulumi(
        path_entries=(folder / "bin",),
        home=folder / "home",
        environment={"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"},
    )
