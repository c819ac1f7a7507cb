"""./store restore: the data of a snapshot in the place of what is on the data volume."""

from cli.commands.ready import ready
from cli.confirmation import confirm
from cli.console import say
from cli.errors import CommandError
from cli.snapshots.helper import Helper
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import place_of


def restore(name: str, snapshot: str, *, yes: bool = False, wait: bool = True) -> None:
    """Replaces the data, after a question. The volume and Nexus's container may be lost; then `up` is what follows.

    Raises:
        CommandError: it could not be done; what is stored is untouched, or wholly that of the snapshot.
    """
    with ready(name, "restore", wait=wait, images=False) as found:
        nexus = Nexus(found.stack, found.docker)
        place = place_of(found.stack)
        with Helper.of_this_process("restore", found.stack, found.docker, nexus).running(place) as helper:
            snapshots = helper.snapshots
            if not snapshot:
                raise CommandError(
                    "FROM",
                    "missing",
                    allowed=" ".join(snapshots.names) or "none yet",
                    fix=f"make restore STACK={name} FROM=NAME",
                )
            snapshots.check(snapshot)
            if not yes:
                what = f"everything in the volume {nexus.volume} is replaced by the snapshot {snapshot}"
                confirm("restore", name, what)
            ran = nexus.is_running
            say("stopping Nexus ..." if ran else "Nexus is not running")
            nexus.stop()
            say(f"copying the snapshot {snapshot} ...")
            snapshots.restore(snapshot)
            if ran:
                nexus.resume()
    say(f"the data is that of {snapshot}. Next: make up STACK={name}, for what has changed in the stack file since")
