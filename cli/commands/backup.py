"""./store backup: a snapshot of the store's data volume, with database and blob stores."""

from cli.commands.ready import ready
from cli.console import say
from cli.errors import CommandError
from cli.snapshots.helper import Helper
from cli.snapshots.manifest import Described, Manifest, Sealed
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import backup_of, place_of
from cli.snapshots.snapshots import Snapshots


def backup(name: str, *, full: bool = False, wait: bool = True) -> None:
    """Saves a snapshot to the place in the stack file, and removes the oldest ones. Nexus is stopped for a part of it.

    A full one reads every file again, and links to no earlier snapshot.

    Raises:
        CommandError: the backup failed. Nexus runs again, and no incomplete snapshot is listed.
    """
    with ready(name, "backup", wait=wait, images=False) as found:
        stack, nexus = found.stack, Nexus(found.stack, found.docker)
        place, kept = place_of(stack), backup_of(stack).keep
        if not nexus.exists:
            raise CommandError(f"STACK={name}", "there is no Nexus to back up", fix=f"make up STACK={name}")
        with Helper.of_this_process("backup", stack, found.docker, nexus).running(place) as helper:
            snapshots = helper.snapshots
            store = Described.of(stack, found.docker, found.environment, snapshots.server_version)
            _copy(name, nexus, snapshots, full=full)
            say("computing the checksums of what is new ...")
            snapshot = snapshots.seal(lambda sealed: _manifest(sealed, store, nexus.away_seconds), full=full)
            snapshots.keep(kept)
            description = snapshots.describe(snapshot.name)
        print(f"{description} in {place.location}; to restore it: make restore STACK={name} FROM={snapshot.name}")
        if snapshot.database == "postgresql":
            say("the PostgreSQL database is not in it: dump it as well, see docs/backups.md")


def verify(name: str, snapshot: str = "", *, wait: bool = True) -> None:
    """Reads every file of a snapshot, by default the newest, and compares it with its checksum. Nexus goes on.

    Raises:
        CommandError: there is no such snapshot, or it is damaged; each file was named.
    """
    with ready(name, "backup", wait=wait, images=False) as found:
        place, nexus = place_of(found.stack), Nexus(found.stack, found.docker)
        with Helper.of_this_process("verify", found.stack, found.docker, nexus).running(place) as helper:
            checked = snapshot or (helper.snapshots.names or [""])[-1]
            if not checked:
                raise CommandError("VERIFY", "there is no snapshot yet", fix=f"make backup STACK={name}")
            say(f"reading every file of {checked} ...")
            wrong = helper.snapshots.verify(checked)
            old = not wrong and helper.snapshots.manifest(checked) is None
        for line in wrong:
            print(line)
        if wrong:
            raise CommandError(
                "backup",
                f"the snapshot {checked} is damaged: {len(wrong)} of its files",
                fix=f"make backup STACK={name} FULL=1 makes one that shares no file with it, and replace the disk",
            )
        print(f"{checked}: {'names, sizes and times are right; it has no checksums' if old else 'every file is right'}")


def _copy(name: str, nexus: Nexus, snapshots: Snapshots, *, full: bool) -> None:
    before = snapshots.downtime
    say("copying while Nexus runs ...")
    snapshots.begin(full=full)
    ran = nexus.is_running
    if ran:
        say(f"stopping Nexus to copy what has changed; {unavailable(before)} ...")
    nexus.stop()
    snapshots.finish()
    if nexus.is_running:
        raise CommandError(
            "backup", "Nexus was started during the copy, which is discarded", fix=f"make backup STACK={name}"
        )
    if ran:
        nexus.resume()


def unavailable(seconds: int | None) -> str:
    """How long Nexus will be unavailable, going by the last backup."""
    return (
        f"it was unavailable for {seconds} s last time" if seconds else "it is unavailable until it has started again"
    )


def _manifest(sealed: Sealed, store: Described, downtime: int | None) -> Manifest:
    for line in sealed.drifted:
        say(f"{line}: another content than in the last snapshot, with the same size and time: one of them was altered")
    return Manifest.of(sealed, store, downtime)
