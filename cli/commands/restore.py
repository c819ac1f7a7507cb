"""./store restore: replaces the content of the data volume with a snapshot."""

from cli.commands.ready import ready
from cli.confirmation import confirm
from cli.console import say
from cli.snapshots.helper import Helper
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import backup_of, taken_at
from cli.snapshots.snapshots import Snapshots
from cli.storage.shown import moment


def restore(name: str, snapshot: str, *, yes: bool = False, wait: bool = True) -> None:
    """Replaces the data, after confirmation. Works without the volume and Nexus's container too; `up` then follows.

    Without a snapshot's name it lists them.

    Raises:
        CommandError: the restore failed; the stored data is unchanged, or completely that of the snapshot.
    """
    with ready(name, "restore", wait=wait, images=False) as found:
        nexus = Nexus(found.stack, found.docker)
        location = backup_of(found.stack).location
        with Helper.of_this_process("restore", found.stack, found.docker, nexus).running(location) as helper:
            snapshots = helper.snapshots
            if not snapshot:
                _list(snapshots, name)
                return
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
    say(f"the data of {snapshot} is restored. Next: make up STACK={name} applies what changed in the stack file since")


def _list(snapshots: Snapshots, stack: str) -> None:
    names = snapshots.names
    for name in names:
        print(f"{name}  {moment(taken_at(name))}  {snapshots.size(name)}")
    fix = (
        f"make restore STACK={stack} FROM={names[-1]} restores the last one" if names else f"make backup STACK={stack}"
    )
    say(fix if names else f"there is no snapshot yet: {fix}")
