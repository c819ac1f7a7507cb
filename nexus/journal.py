"""The objects that killed runs of the program have created and that may be missing from the state.

The file named by the variable REPOSITORY_STORE_JOURNAL has a line for each, written before the object is created. The
command that sets the variable removes the file after a successful run.
"""

import os
from pathlib import Path

from nexus.model import Ref

VARIABLE = "REPOSITORY_STORE_JOURNAL"


class Journal:
    """The lines of earlier runs, to which this run adds its own. Without a file nothing is recorded."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._earlier = frozenset(_lines(path)) if path else frozenset()

    @classmethod
    def of_environment(cls) -> "Journal":
        name = os.environ.get(VARIABLE)
        return cls(Path(name) if name else None)

    def has(self, ref: Ref) -> bool:
        """Whether an earlier run has created the object, or was about to."""
        return _line(ref) in self._earlier

    def add(self, ref: Ref) -> None:
        """Records that the object is about to be created; only once, even if several runs fail at it."""
        line = _line(ref)
        if self._path and line not in self._earlier:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _line(ref: Ref) -> str:
    return repr((ref.kind, ref.name))
