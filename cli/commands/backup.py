"""./store backup: a snapshot of the store's data volume, with database and blob stores."""

from cli.commands.ready import ready
from cli.console import say
from cli.errors import CommandError
from cli.snapshots.helper import Helper
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import backup_of


def backup(name: str, *, wait: bool = True) -> None:
    """Saves a snapshot to the place in the stack file, and removes the oldest ones. Nexus is stopped for the last part.

    Raises:
        CommandError: the backup failed. Nexus runs again, and no incomplete snapshot is listed.
    """
    with ready(name, "backup", wait=wait, images=False) as found:
        stack, nexus = found.stack, Nexus(found.stack, found.docker)
        wanted = backup_of(stack)
        location, kept = wanted.location, wanted.keep
        if not nexus.exists:
            raise CommandError(f"STACK={name}", "there is no Nexus to back up", fix=f"make up STACK={name}")
        with Helper.of_this_process("backup", stack, found.docker, nexus).running(location) as helper:
            snapshots = helper.snapshots
            say("copying while Nexus runs ...")
            snapshots.begin()
            say("stopping Nexus to copy what has changed ...")
            ran = nexus.is_running
            nexus.stop()
            snapshot = snapshots.finish()
            if nexus.is_running:
                snapshots.remove(snapshot)
                raise CommandError(
                    "backup", "Nexus was started during the copy, which is discarded", fix=f"make backup STACK={name}"
                )
            if ran:
                nexus.resume()
            snapshots.keep(kept)
            description = snapshots.describe(snapshot)
        print(f"{description} in {location}; to restore it: make restore STACK={name} FROM={snapshot}")
        if stack.settings.given("nexus.database"):
            say("the PostgreSQL database is not in it: dump it as well, see docs/backups.md")
