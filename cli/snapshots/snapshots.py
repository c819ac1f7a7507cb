"""The snapshots of a store: creating, checking, restoring and removing them, in a container that also has the data."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from cli.errors import CommandError
from cli.paths import ROOT
from stacks.layout import DATA_FOLDER, VERSION_FILE

if TYPE_CHECKING:
    from cli.snapshots.manifest import Manifest, Sealed

_SCRIPT = ROOT / "cli" / "snapshots" / "snapshot.sh"
_SHOWN = 10
_FULL: Mapping[bool, tuple[str, ...]] = {True: ("full",), False: ()}
_TAKEN = "%Y-%m-%dT%H-%M-%SZ"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", re.ASCII)


class Run(Protocol):
    """Runs a program in the container, with `text` as its standard input, and returns its output."""

    def __call__(self, *command: str, text: str | None = None) -> str: ...


@dataclass(frozen=True)
class _Stage:
    """The folders on the data volume while its content is exchanged."""

    goes: str
    comes: str
    replaced: str


_FORTH = _Stage(".old-goes", ".new-comes", ".replaced")
_BACK = _Stage(".new-goes", ".old-comes", ".rejected")


@dataclass(frozen=True)
class Snapshots:
    """The snapshots of one store. Every method raises CommandError if a program in the container fails.

    An interrupted restore leaves a folder on the data volume from which `repair` sees how far it got:

    - `.restored`: the snapshot was being copied, the content is unchanged;
    - `.old-goes`: the copy is complete, the old content was moving to `.replaced`;
    - `.new-comes`: the new content was moving into place;
    - `.replaced` alone: the new content is in place, and the old one is kept until Nexus serves the new one;
    - `.new-goes`, `.old-comes` and `.rejected`: the same the other way round, if Nexus did not serve the new one.
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

    def begin(self, *, full: bool = False) -> None:
        """Copies everything that can be copied while Nexus runs; a full one links to nothing of the previous."""
        self._script("begin", *_FULL[full])

    def finish(self) -> None:
        """Copies the rest, while Nexus is stopped."""
        self._script("finish")

    def seal(self, described: "Callable[[Sealed], Manifest]", *, full: bool = False) -> "Manifest":
        """Makes the finished copy a snapshot with checksums, while Nexus runs again; a full one takes over none."""
        from cli.snapshots.manifest import Sealed  # late, since it loads pydantic

        files, size, of_files, of_sums = self._script("seal", *_FULL[full]).split()
        drifted = [line.removeprefix("damaged ") for line in self._script("drifted").splitlines()] if full else ()
        name = f"{datetime.now(UTC):{_TAKEN}}"
        manifest = described(Sealed(name, int(files), int(size), of_files, of_sums, tuple(drifted)))
        self._script("publish", name, text=manifest.text)
        return manifest

    def manifest(self, name: str) -> "Manifest | None":
        """None if it is from before there were manifests.

        Raises:
            CommandError: it is damaged or missing.
        """
        from cli.snapshots.manifest import Manifest  # late, since it loads pydantic

        below = ("-mindepth", "1", "-maxdepth", "1", "-printf", r"%f\n")
        parts = self.run("find", f"{self.folder}/{name}", *below).splitlines()
        if "manifest.json" in parts:
            return Manifest.read(name, self.run("cat", f"{self.folder}/{name}/manifest.json"))
        if "sums" in parts:
            raise CommandError(f"{name}/manifest.json", "it is missing")
        return None

    def verify(self, name: str, folder: str = "") -> list[str]:
        """What is wrong with the snapshot, or with a copy of it in another folder: `missing`, `extra`, `changed` or
        `damaged` and the path of each file. Reads every file."""
        self._require(name)
        found = []
        try:
            manifest = self.manifest(name)
        except CommandError as error:
            manifest, found = None, [str(error)]
        files, sums = self._script("lists", name).split()
        if files == "none":
            return [*found, "missing files, the list of its files"]
        for each, have, recorded in (
            ("files", files, manifest and manifest.files_sha256),
            ("sums", sums, manifest and manifest.sums_sha256),
        ):
            found += [f"damaged {each}, a list of the snapshot"] if recorded and have != recorded else []
        return found + self._script("differences", name, *([folder] if folder else [])).splitlines()

    @property
    def server_version(self) -> str:
        """The release of Nexus that last ran on the data volume; empty if there is none."""
        name = VERSION_FILE.removeprefix(f"{DATA_FOLDER}/")
        return self.run(*_entries(self.data), "-name", name, "-exec", "cat", "{}", "+")

    @property
    def downtime(self) -> int | None:
        """How many seconds Nexus was unavailable at the last backup; None if that is not known."""
        try:
            last = self.manifest(self.names[-1])
        except (CommandError, IndexError):
            return None
        return last.downtime_seconds if last else None

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
        if wrong := self._script("listed", name).splitlines():
            raise damaged(name, wrong)
        needed = int(self.run("du", "--summarize", "--block-size", "1M", f"{self.folder}/{name}/data").split()[0])
        free = int(self.run("df", "--output=avail", "--block-size", "1M", self.data).split()[-1])
        if needed >= free:
            raise CommandError(
                "FROM",
                f"the snapshot {name} needs {needed} MiB on the data volume beside its present content, "
                f"but only {free} MiB are free",
            )

    def lay(self, name: str) -> None:
        """Copies the snapshot beside the present content, and compares every checksum. Nexus may run.

        Raises:
            CommandError: the copy is not what the snapshot's lists say; the message names the files.
        """
        self._require(name)
        self._script("copy", name)
        if wrong := self.verify(name, f"{self.data}/.restored"):
            self.settle()
            raise damaged(name, wrong)

    def exchange(self) -> None:
        """Puts the copy in place of the present content, which is kept until `settle` or `back`. Nexus is stopped, for
        a few renames, however much there is."""
        self._move(".restored", _FORTH.goes)
        self._swap(_FORTH)

    def back(self) -> bool:
        """Puts the replaced content back, if it is still there; returns whether it was. Nexus is stopped."""
        if not self.repair():
            return False
        self._move(_FORTH.replaced, _BACK.goes)
        self._swap(_BACK)
        return True

    def repair(self) -> bool:
        """Finishes an exchange that was interrupted; returns whether the new content is in place, and the old one is
        kept. The rest is left to `settle`."""
        for stage in (_FORTH, _BACK):
            if {stage.goes, stage.comes} & self._entries_here:
                self._swap(stage)
        return _FORTH.replaced in self._entries_here

    def settle(self) -> None:
        """Removes what the restore leaves beside the content. Nexus may run."""
        left = (".restored", _FORTH.replaced, _BACK.replaced, ".scratch")
        self.run("rm", "-rf", *(f"{self.data}/{each}" for each in left))

    @property
    def _entries_here(self) -> set[str]:
        return set(self.run(*_entries(self.data), "-printf", r"%f\n").splitlines())

    def _swap(self, stage: "_Stage") -> None:
        new, replaced = f"{self.data}/{stage.comes}", f"{self.data}/{stage.replaced}"
        if stage.goes in self._entries_here:
            self.run("mkdir", "-p", replaced)
            self._own(replaced, self.data)
            self._move_content(self.data, replaced)
            self._move(stage.goes, stage.comes)
        self._move_content(new, self.data)
        self._own(self.data, new)
        self.run("sync")
        self.run("rmdir", new)

    def _own(self, folder: str, like: str) -> None:
        self.run("chown", "--reference", like, folder)
        self.run("chmod", "--reference", like, folder)

    def _move(self, source: str, target: str) -> None:
        self.run("mv", "--no-target-directory", f"{self.data}/{source}", f"{self.data}/{target}")

    def _move_content(self, source: str, target: str) -> None:
        """Moves everything in the folder except the folders of the restore itself."""
        own = [name for stage in (_FORTH, _BACK) for name in (stage.goes, stage.comes, stage.replaced)]
        others = [part for name in own for part in ("!", "-name", name)]
        self.run(*_entries(source), *others, "-exec", "mv", "--target-directory", target, "{}", "+")

    def _require(self, name: str) -> None:
        names = self.names
        if name not in names:
            raise CommandError("FROM", "no such snapshot", got=f"'{name}'", allowed=" ".join(names) or "(none)")

    def _remove(self, names: Sequence[str]) -> None:
        if names:
            self.run("rm", "-rf", *(f"{self.folder}/{name}" for name in names))

    def _script(self, action: str, *arguments: str, text: str = "") -> str:
        """Runs a function of the script, with `text` as its standard input."""
        command = ("sh", "-c", _SCRIPT.read_text(encoding="utf-8"), "snapshot.sh", self.folder, self.data, action)
        return self.run(*command, *arguments, text=text or None)


def damaged(name: str, wrong: Sequence[str]) -> CommandError:
    """The error for a snapshot with such differences."""
    listed = "; ".join(wrong[:_SHOWN]) + (f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else "")
    return CommandError(
        "FROM",
        f"the snapshot {name} is damaged, and nothing was changed: {listed}",
        fix="restore another one; make backup VERIFY=1 FROM= names every file (docs/backups.md)",
    )


def _entries(folder: str) -> tuple[str, ...]:
    return ("find", folder, "-mindepth", "1", "-maxdepth", "1")
