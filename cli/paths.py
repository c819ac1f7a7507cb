"""The folders of the project and of its data on this machine."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ROOT / ".local"
"""State, passphrase and locks of this machine's stacks; git ignores it."""
STACK_FILES = ROOT / "stacks"


def given(path: str) -> Path:
    """A path from the command line, relative to the folder in which ./store was called."""
    return Path(os.environ.get("STORE_CALLED_FROM", ROOT)) / path


def cache_folder() -> Path:
    """The user's cache, which all clones of the project share."""
    named = os.environ.get("REPOSITORY_STORE_CACHE")
    home = os.path.expanduser("~")  # stays "~" for a uid without a name and HOME
    base = os.environ.get("XDG_CACHE_HOME") or Path("/tmp" if home == "~" else home) / ".cache"  # noqa: S108
    return Path(named) if named else Path(base) / "repository-store"
