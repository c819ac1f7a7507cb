"""PYTHON cli/bootstrap.py PYTHON LOCK: creates .venv from a lock file, with the standard library alone.

./store runs it, one process at a time, if .venv is missing, incomplete or older than the lock file.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

_BASE_LOCK = "requirements.lock"  # the other lock file includes it
_VENV = Path(".venv")
_PYTHON = str(_VENV / "bin" / "python")
_MADE = _VENV / "made-from"
"""Copies of the installed lock files, written last."""
_INDEX_SETTINGS = (".index-url=", ".proxy=", ".client-cert=", ".trusted-host=", ".no-index=")
_FIX = "solve that, then run the command again"


def main(python: str, lock: str) -> None:
    if not _succeeds(python, "-c", "import ensurepip, venv"):
        _fail(f"{python} has no venv module", "apt-get install python3-venv")
    # A virtualenv whose installation was interrupted is created again.
    is_whole = _MADE.is_dir() and _succeeds(_PYTHON, "-c", "import pip")
    if not (is_whole or _runs(python, "-m", "venv", "--clear", str(_VENV))):
        _fail("could not create the virtualenv, for the reason above", _FIX)
    shutil.rmtree(_MADE, ignore_errors=True)  # incomplete from here on
    _say(f"installing the Python packages of {lock} into .venv (about 10 s) ...")
    if not (_installs_with_uv(lock) or _installs_with_pip(lock)):
        _fail(f"pip could not install the packages of {lock}, for the reason above", _FIX)
    _record({lock, _BASE_LOCK})
    _say("installing the Python packages: done")


def _installs_with_uv(lock: str) -> bool:
    """uv is ten times as fast, but ignores pip's settings for indexes and proxies."""
    config = subprocess.run([_PYTHON, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, text=True, check=False)
    if any(setting in config.stdout for setting in _INDEX_SETTINGS):
        return False
    install = ("-m", "uv", "pip", "install", "--quiet", "--python", _PYTHON, "--require-hashes", "--requirement", lock)
    return _installs_with_pip("cli/uv.lock") and _runs(_PYTHON, *install)


def _installs_with_pip(lock: str) -> bool:
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return _runs(_PYTHON, *install, "--require-hashes", "--requirement", lock)


def _record(locks: set[str]) -> None:
    new = _MADE.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for lock in locks:
        shutil.copy(lock, new)
    new.rename(_MADE)


def _runs(*command: str) -> bool:
    """Whether the command succeeds; its output is shown. While it runs, it holds the lock that ./store took."""
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
        _fail(f"{error.filename or _VENV}: {error.strerror}", _FIX)
    except KeyboardInterrupt:
        sys.exit(130)
