"""A file of the host that the store changes. What it was before is kept in the layout of files.sh.

Below the folder of the state: before/PATH is the content that was there, absent/PATH says that there was none, and
after/PATH has the SHA-256 of what the store made of it.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Callable, NamedTuple, Optional

from .host import Host, Refusal, say


class Earlier(NamedTuple):
    """What a file and the state were when this run began."""

    content: Optional[bytes]
    after: Optional[bytes]


class KeptFile:
    """One of them, by its absolute path on the host."""

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
        """Gives it the content, in place, as a file may be a mount or a link. Whether it had another one."""
        self._keep()
        self._after.parent.mkdir(parents=True, exist_ok=True)
        self._after.write_text(_digest(content) + "\n", encoding="ascii")
        with self._host.wanted.open("a", encoding="utf-8") as wanted:
            wanted.write(self.name + "\n")
        if _content(self.path) == content:
            return False
        self.path.write_bytes(content)
        return True

    def put(self, content: bytes) -> bool:
        """As `write`, for a file that is the store's alone.

        Raises:
            Refusal: somebody else has one there.
        """
        if self.path.exists() and not self._absent.exists():
            raise Refusal(f"{self.name} is there and was not put there by the store: move it away, then run this again")
        return self.write(content)

    def roll_back(self, earlier: Earlier) -> None:
        """To what it was when this run began; what an earlier run has made of it stays known as the store's."""
        self._set(earlier.content)
        if earlier.after is None:
            self._forget()
        else:
            self._after.write_bytes(earlier.after)

    def take_back(self, take_out: Optional[Callable[[], bytes]] = None) -> None:
        """Gives it the content that it had before the store. If somebody has changed it since, only what is ours goes.

        Args:
            take_out: what is left of the present content without the store's part; nothing: the file goes. Without it
                a changed file stays.
        """
        now = _content(self.path)
        if now is not None and _digest(now) == self._after.read_text(encoding="ascii").strip():
            self._restore()
        elif now is not None and take_out is not None:
            self._set(take_out() or None)
        elif now is not None:
            say(f"{self.name} was changed since the store put it there and stays")
        self._forget()

    def _keep(self) -> None:
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
        """With its parents; main.sh removes those that were not there once they are empty."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir()
        with (self._host.state.parent / "folders").open("a", encoding="utf-8") as made:
            made.write(str(folder)[len(self._host.root) :] + "\n")

    def _restore(self) -> None:
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
    """With owner, mode and times."""
    shutil.copy2(str(source), str(target))
    status = source.stat()
    os.chown(str(target), status.st_uid, status.st_gid)
