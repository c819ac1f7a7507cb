"""What is built once per user and kept, in REPOSITORY_STORE_CACHE or ~/.cache/repository-store.

A complete entry gets its name by a rename, and contains a list of its files: an entry that is damaged later is built
again. If another process is building an entry, this one waits for it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import paths
from cli.console import say

FILES = ".files.json"
"""The list of an entry's files, inside the entry."""
_UNFINISHED = ".unfinished-"
_DAMAGED = ".damaged-"


def cache_folder() -> Path:
    """The user's cache; created if missing."""
    folder = paths.cache_folder().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def key_of(files: Iterable[Path], *texts: str, digits: int = 12) -> str:
    """A short hash of inputs: the contents and names of files, and texts."""
    found = hashlib.sha256()
    ordered = sorted(files)
    common = os.path.commonpath([path.parent for path in ordered]) if ordered else ""
    for path in ordered:
        found.update(f"{path.relative_to(common)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    found.update("\0".join(texts).encode())
    return found.hexdigest()[:digits]


def finished(name: str) -> Path | None:
    """The entry, if it exists and is complete."""
    entry = cache_folder() / name
    try:
        files = json.loads((entry / FILES).read_text())
        whole = all((entry / file).lstat().st_size == size for file, size in files.items())
    except (OSError, ValueError):
        return None
    return entry if whole else None


def existing(name: str) -> Path:
    """An entry that this process has made or found before.

    Raises:
        OSError: it has been removed since.
    """
    if entry := finished(name):
        return entry
    raise OSError(f"{cache_folder() / name} was removed while it was in use")


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder NAME-KEY of the cache; `make` fills it if it is missing. A failure leaves nothing behind."""
    if entry := finished(name):
        return entry
    with locked(name.rpartition("-")[0] or name):
        return finished(name) or _made(name, make)


def _made(name: str, make: Callable[[Path], None]) -> Path:
    cache = cache_folder()
    entry = cache / name
    for left_over in [*cache.glob(f"{name}{_UNFINISHED}*"), *cache.glob(f"{name}{_DAMAGED}*")]:
        shutil.rmtree(left_over, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{name}{_UNFINISHED}", dir=cache))
    try:
        make(unfinished)
        _list_files(unfinished)
        unfinished.chmod(0o755)
        if entry.exists():  # damaged, or from an earlier version without a list
            entry.rename(f"{entry}{_DAMAGED}{os.getpid()}")
        unfinished.rename(entry)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        for damaged in cache.glob(f"{name}{_DAMAGED}*"):
            shutil.rmtree(damaged, ignore_errors=True)
    return entry


def _list_files(folder: Path) -> None:
    """Lists the files with their sizes, which also reveal a file that a power failure has emptied."""
    sizes = {}
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            sizes[str(path.relative_to(folder))] = path.lstat().st_size
    (folder / FILES).write_text(json.dumps(sizes))


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Holds a lock, so that only one process makes this at a time; prints which process it waits for."""
    path = cache_folder() / f"{name}.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            say(f"{name}: waiting for {lock.read().strip() or 'another process'}, which is making it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(f"process {os.getpid()} ({' '.join(sys.argv[1:2]) or 'python'}, since {time.strftime('%H:%M:%S')})")
        lock.flush()
        yield
        lock.truncate(0)
