"""./store restore: replaces the content of the data volume with a snapshot."""

from cli.commands.backup import unavailable
from cli.commands.ready import Ready, ready
from cli.confirmation import confirm
from cli.console import say
from cli.errors import CommandError, InvalidStackFile
from cli.snapshots.helper import Helper
from cli.snapshots.logins import former_password, take_over
from cli.snapshots.manifest import Described, Manifest
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import place_of, taken_at
from cli.snapshots.snapshots import Snapshots, damaged
from cli.storage.shown import moment


def restore(name: str, snapshot: str, *, other_store: bool = False, yes: bool = False, wait: bool = True) -> None:
    """Replaces the data, after confirmation. Works without the volume and Nexus's container too; `up` then follows.

    Without a snapshot's name it lists them.

    Raises:
        CommandError: the restore failed; the stored data is unchanged, or completely that of the snapshot.
    """
    with ready(name, "restore", wait=wait, images=False) as found:
        nexus = Nexus(found.stack, found.docker)
        place = place_of(found.stack)
        helper = Helper.of_this_process("restore", found.stack, found.docker, nexus, other_store=other_store)
        with helper.running(place):
            snapshots = helper.snapshots
            if not snapshot:
                _list(snapshots, name)
                return
            snapshots.check(snapshot)
            manifest = _fitting(found, snapshots, snapshot, other_store=other_store)
            if other_store and not nexus.is_running:
                raise CommandError(
                    "--from-other-store",
                    "Nexus is not running, so its logins cannot be set",
                    fix=f"make up STACK={name}",
                )
            if not yes:
                what = f"everything in the volume {nexus.volume} is replaced by the snapshot {snapshot}"
                confirm("restore", name, what)
            former = former_password(manifest.stack if manifest else "it is of") if other_store else ""
            say(f"copying the snapshot {snapshot} beside the present content ...")
            snapshots.lay(snapshot)
            _exchange(found, helper, nexus, former)
    say(f"the data of {snapshot} is restored. Next: make up STACK={name} applies what changed in the stack file since")


def _fitting(found: Ready, snapshots: Snapshots, snapshot: str, *, other_store: bool) -> Manifest | None:
    try:
        manifest = snapshots.manifest(snapshot)
    except CommandError as error:
        raise damaged(snapshot, [str(error)]) from None
    if manifest is None:
        say(f"{snapshot} has no checksums and does not say which store it is of: contents are restored unchecked")
        return None
    target = Described.of(found.stack, found.docker, found.environment, snapshots.server_version)
    if problems := list(manifest.refused_by(target, other_store=other_store)):
        raise InvalidStackFile(problems)
    return manifest


def _exchange(found: Ready, helper: Helper, nexus: Nexus, former: str) -> None:
    """Stops Nexus only for the exchange; the former content comes back if Nexus does not serve the new one."""
    ran = nexus.is_running
    say(
        f"stopping Nexus to exchange the content; {unavailable(helper.snapshots.downtime)} ..."
        if ran
        else "Nexus is not running"
    )
    nexus.stop()
    helper.snapshots.exchange()
    if not ran:
        return
    try:
        nexus.resume()
        if former:
            users = take_over(found.stack, found.environment, former)
            say(f"these users have the passwords of the stack file again: {', '.join(users)}")
    except BaseException:
        say("Nexus does not serve the snapshot: the former content comes back ...")
        helper.reject()
        raise
    helper.snapshots.settle()


def _list(snapshots: Snapshots, stack: str) -> None:
    names = snapshots.names
    for name in names:
        print(f"{name}  {moment(taken_at(name))}  {snapshots.size(name)}")
    fix = (
        f"make restore STACK={stack} FROM={names[-1]} restores the last one" if names else f"make backup STACK={stack}"
    )
    say(fix if names else f"there is no snapshot yet: {fix}")
