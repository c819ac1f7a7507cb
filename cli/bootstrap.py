"""PYTHON cli/bootstrap.py PYTHON LOCK: makes .venv with that Python from a lock file, and nothing but Python's library.

./store runs it, one at a time, where .venv is missing, half made or older than the lock file.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

_LOCK_OF_ALL = "requirements.lock"  # a part of every other one
_VENV = Path(".venv")
_PYTHON = str(_VENV / "bin" / "python")
_MADE = _VENV / "made-from"
"""Copies of the lock files that were installed, put there when everything else is."""
_SETTINGS_OF_PLACES = (".index-url=", ".proxy=", ".client-cert=", ".trusted-host=", ".no-index=")


def main(python: str, lock: str) -> None:
    if not _succeeds(python, "-c", "import ensurepip, venv"):
        _fail(f"{python} has no venv module", "apt-get install python3-venv")
    # One that was cut off while packages were installed is begun anew.
    is_whole = _MADE.is_dir() and _succeeds(_PYTHON, "-c", "import pip")
    if not (is_whole or _runs(python, "-m", "venv", "--clear", str(_VENV))):
        _fail("the virtualenv could not be made, for the reason above", "mend it, then type the command again")
    shutil.rmtree(_MADE, ignore_errors=True)  # not made, from here on
    _say(f"installing the Python packages of {lock} into .venv (about 10 s) ...")
    if not (_installs_with_uv(lock) or _installs_with_pip(lock)):
        _fail(
            f"pip could not install the packages of {lock}, for the reason above",
            "mend it, then type the command again",
        )
    _note({lock, _LOCK_OF_ALL})
    _say("installing the Python packages: done")


def _installs_with_uv(lock: str) -> bool:
    """It is ten times as fast, but does not know where pip's settings say that packages are."""
    asked = subprocess.run([_PYTHON, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, text=True, check=False)
    if any(setting in asked.stdout for setting in _SETTINGS_OF_PLACES):
        return False
    install = ("-m", "uv", "pip", "install", "--quiet", "--python", _PYTHON, "--require-hashes", "--requirement", lock)
    return _installs_with_pip("cli/uv.lock") and _runs(_PYTHON, *install)


def _installs_with_pip(lock: str) -> bool:
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return _runs(_PYTHON, *install, "--require-hashes", "--requirement", lock)


def _note(locks: set[str]) -> None:
    new = _MADE.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for lock in locks:
        shutil.copy(lock, new)
    new.rename(_MADE)


def _runs(*command: str) -> bool:
    """Whether it works; what it says is seen. While it goes on, it holds the lock that ./store has."""
    return subprocess.run(command, check=False, close_fds=False).returncode == 0


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _fail(problem: str, fix: str) -> NoReturn:
    sys.exit(f"store: {problem}. Fix: {fix}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        _fail(f"{error.filename or _VENV}: {error.strerror}", "mend it, then type the command again")
    except KeyboardInterrupt:
        sys.exit(130)
