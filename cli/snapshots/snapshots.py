"""The snapshots of a store: creating, checking, restoring and removing them, in a container that also has the data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cli.errors import CommandError
from cli.paths import ROOT

_SCRIPT = ROOT / "cli" / "snapshots" / "snapshot.sh"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", re.ASCII)


class Run(Protocol):
    """Runs a program in the container, with `text` as its standard input, and returns its output."""

    def __call__(self, *command: str, text: str | None = None) -> str: ...


@dataclass(frozen=True)
class Snapshots:
    """The snapshots of one store. Every method raises CommandError if a program in the container fails.

    An interrupted restore leaves a folder on the data volume from which `repair` sees how far it got:

    - `.restored`: the snapshot was being copied, the content is unchanged;
    - `.old-goes`: the copy is complete, the old content was moving to `.replaced`;
    - `.new-comes`: the new content was moving into place.
    """

    run: Run
    folder: str
    """Where they are, in the container."""
    data: str = "/data"
    """Where the data volume is, in the container."""

    @property
    def names(self) -> list[str]:
        """Oldest first; without symbolic links and anything that leads out of the folder."""
        place = self.folder.rpartition("/")[0]  # before the first backup there is no folder in it
        below = ("-mindepth", "2", "-maxdepth", "2", "-path", f"{self.folder}/*")
        listed = self.run("find", place, *below, "-type", "d", "-printf", r"%f\n")
        return sorted(name for name in listed.splitlines() if _NAME.fullmatch(name))

    def begin(self) -> None:
        """Copies everything that can be copied while Nexus runs."""
        self._script("begin")

    def finish(self) -> str:
        """Copies the rest, while Nexus is stopped; returns the name of the snapshot."""
        return self._script("finish")

    def keep(self, number: int) -> None:
        """Removes the oldest ones, so that `number` are left."""
        self._remove(self.names[:-number])

    def remove(self, name: str) -> None:
        self._require(name)
        self._remove([name])

    def describe(self, name: str) -> str:
        """Its name, number of files and size, as text."""
        files = len(self.run("find", f"{self.folder}/{name}/data", "!", "-type", "d", "-printf", "."))
        return f"snapshot {name}: {files} files, {self.size(name)}"

    def size(self, name: str) -> str:
        """What a restore of it copies, like 1.2G; snapshots share files that have not changed."""
        data = f"{self.folder}/{name}/data"
        return self.run("du", "--summarize", "--human-readable", "--apparent-size", data).split()[0]

    def check(self, name: str) -> None:
        """Makes sure that it can be restored.

        Raises:
            CommandError: it does not exist, a file in it is missing or changed, or the data volume is too small.
        """
        self._require(name)
        self._script("compare", name, f"the snapshot {name} is damaged: files are missing or were changed")
        needed = int(self.run("du", "--summarize", "--block-size", "1M", f"{self.folder}/{name}/data").split()[0])
        free = int(self.run("df", "--output=avail", "--block-size", "1M", self.data).split()[-1])
        if needed >= free:
            raise CommandError(
                "FROM",
                f"the snapshot {name} needs {needed} MiB on the data volume beside its present content, "
                f"but only {free} MiB are free",
            )

    def restore(self, name: str) -> None:
        """Replaces the content of the data volume with the snapshot."""
        self._require(name)
        self._script("copy", name)
        self._move(".restored", ".old-goes")
        self._swap()

    def repair(self) -> bool:
        """Finishes an interrupted restore whose copy is complete, or deletes an incomplete copy; returns which."""
        found = self.run(*_entries(self.data), "-printf", r"%f\n").splitlines()
        if ".old-goes" in found or ".new-comes" in found:
            self._swap()
            return True
        self.run("rm", "-rf", f"{self.data}/.restored")
        return False

    def _swap(self) -> None:
        new, replaced = f"{self.data}/.new-comes", f"{self.data}/.replaced"
        if self.run(*_entries(self.data), "-name", ".old-goes"):
            self.run("mkdir", "-p", replaced)
            self._move_content(self.data, replaced)
            self._move(".old-goes", ".new-comes")
        self._move_content(new, self.data)
        self.run("chown", "--reference", new, self.data)
        self.run("chmod", "--reference", new, self.data)
        self.run("rm", "-rf", replaced)
        self.run("sync")
        self.run("rmdir", new)

    def _move(self, source: str, target: str) -> None:
        self.run("mv", "--no-target-directory", f"{self.data}/{source}", f"{self.data}/{target}")

    def _move_content(self, source: str, target: str) -> None:
        """Moves everything in the folder except the folders of the restore itself."""
        others = [part for name in (".old-goes", ".new-comes", ".replaced") for part in ("!", "-name", name)]
        self.run(*_entries(source), *others, "-exec", "mv", "--target-directory", target, "{}", "+")

    def _require(self, name: str) -> None:
        names = self.names
        if name not in names:
            raise CommandError("FROM", "no such snapshot", got=f"'{name}'", allowed=" ".join(names) or "(none)")

    def _remove(self, names: Sequence[str]) -> None:
        if names:
            self.run("rm", "-rf", *(f"{self.folder}/{name}" for name in names))

    def _script(self, action: str, *arguments: str) -> str:
        command = ("sh", "-s", "--", self.folder, self.data, action, *arguments)
        return self.run(*command, text=_SCRIPT.read_text(encoding="utf-8"))


def _entries(folder: str) -> tuple[str, ...]:
    return ("find", folder, "-mindepth", "1", "-maxdepth", "1")
