"""A file of the host that the store changes and later restores. The layout of its backup is that of files.sh.

In the state folder, before/PATH is a copy of the original, absent/PATH marks that there was no file, and after/PATH has
the SHA-256 of what the store wrote.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Callable, NamedTuple, Optional

from .host import Host, Refusal, say


class Earlier(NamedTuple):
    """A file and its recorded digest at the start of this run."""

    content: Optional[bytes]
    after: Optional[bytes]


class KeptFile:
    """Such a file, by its absolute path on the host."""

    def __init__(self, host: Host, name: str) -> None:
        self.name = name
        self.path = host.path(name)
        self._host = host
        self._before, self._absent, self._after = (Path(f"{host.state}/{kind}{name}") for kind in _KINDS)

    @property
    def is_ours(self) -> bool:
        """Whether the store has changed it."""
        return self._after.exists()

    @property
    def earlier(self) -> Earlier:
        return Earlier(_content(self.path), _content(self._after))

    def write(self, content: bytes) -> bool:
        """Writes in place, since the file may be a mount or a link. Returns whether the content changed."""
        self._back_up()
        self._after.parent.mkdir(parents=True, exist_ok=True)
        self._after.write_text(_digest(content) + "\n", encoding="ascii")
        with self._host.wanted.open("a", encoding="utf-8") as wanted:
            wanted.write(self.name + "\n")
        if _content(self.path) == content:
            return False
        self.path.write_bytes(content)
        return True

    def write_own(self, content: bytes) -> bool:
        """Like `write`, for a file that belongs to the store alone.

        Raises:
            Refusal: there is a file that the store did not create.
        """
        if self.path.exists() and not self._absent.exists():
            raise Refusal(f"{self.name} exists, but the store did not write it. Fix: move it away, then run this again")
        return self.write(content)

    def roll_back(self, earlier: Earlier) -> None:
        """Undoes the changes of this run; those of an earlier run stay recorded as the store's."""
        self._set(earlier.content)
        if earlier.after is None:
            self._forget()
        else:
            self._after.write_bytes(earlier.after)

    def restore(self, without_ours: Optional[Callable[[], bytes]] = None) -> None:
        """Restores the original content; if somebody has changed the file since, removes only the store's part.

        Args:
            without_ours: returns the current content without the store's part; if that is empty, the file is deleted.
                Without this argument a changed file stays.
        """
        now = _content(self.path)
        if now is not None and _digest(now) == self._after.read_text(encoding="ascii").strip():
            self._restore_original()
        elif now is not None and without_ours is not None:
            self._set(without_ours() or None)
        elif now is not None:
            say(f"{self.name} was changed after the store wrote it; left unchanged")
        self._forget()

    def _back_up(self) -> None:
        self._make_folder(self.path.parent)
        if self._before.exists() or self._absent.exists():
            return
        if self.path.exists():
            self._before.parent.mkdir(parents=True, exist_ok=True)
            _copy(self.path, self._before)
        else:
            self._absent.parent.mkdir(parents=True, exist_ok=True)
            self._absent.write_bytes(b"")

    def _make_folder(self, folder: Path) -> None:
        """With its parents, and records those that it creates; main.sh removes them once they are empty."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir()
        with (self._host.state.parent / "folders").open("a", encoding="utf-8") as made:
            made.write(str(folder)[len(self._host.root) :] + "\n")

    def _restore_original(self) -> None:
        if self._before.exists():
            _copy(self._before, self.path)
        else:
            self._set(None)

    def _set(self, content: Optional[bytes]) -> None:
        if content is not None:
            self.path.write_bytes(content)
        elif self.path.exists():
            self.path.unlink()

    def _forget(self) -> None:
        for file in (self._before, self._absent, self._after):
            if file.exists():
                file.unlink()


_KINDS = ("before", "absent", "after")


def _content(path: Path) -> Optional[bytes]:
    return path.read_bytes() if path.exists() else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _copy(source: Path, target: Path) -> None:
    """Keeps owner, mode and times."""
    shutil.copy2(str(source), str(target))
    status = source.stat()
    os.chown(str(target), status.st_uid, status.st_gid)
