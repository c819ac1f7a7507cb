"""The root file system of a fresh machine: a minimal Debian with the README's prerequisites, and nothing else."""

import fcntl
import hashlib
import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path

# The prerequisites of the README; test_readme.py compares both.
PREREQUISITES = ("ca-certificates", "git", "make", "python3", "python3-venv")

CACHE = Path(
    os.environ.get("REPOSITORY_STORE_CACHE")
    or f"{os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'}/repository-store"
)


def archive(say: Callable[[str], None], packages: tuple[str, ...] = PREREQUISITES) -> Path:
    """The tar of the root file system, built once for each list of packages."""
    suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
    key = hashlib.sha256(f"{suite} {packages}".encode()).hexdigest()[:12]
    result = CACHE / f"fresh-machine-{key}.tar"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "fresh-machine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            say(f"making a root file system of {', '.join(packages)} (about 30 s)")
            unfinished = CACHE / "fresh-machine.tar"
            _bootstrap(suite, packages, unfinished)
            unfinished.rename(result)
    return result


def unpacked(tar: Path, folder: Path) -> None:
    folder.mkdir()
    subprocess.run(
        ["tar", "--extract", "--file", tar, "--directory", folder, "--numeric-owner", "--preserve-permissions"],
        check=True,
    )


def _bootstrap(suite: str, packages: tuple[str, ...], target: Path) -> None:
    excluded = [f"--dpkgopt=path-exclude=/usr/share/{kind}/*" for kind in ("doc", "info", "locale", "man")]
    command = ["mmdebstrap", "--variant=apt", f"--include={','.join(packages)}", "--dpkgopt=force-unsafe-io", *excluded]
    done = subprocess.run(
        [*command, suite, str(target)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"mmdebstrap failed:\n{done.stdout[-2000:]}")
