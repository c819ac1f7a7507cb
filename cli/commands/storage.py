"""./store storage: what every blob store and repository holds, how it grows, and what would free space."""

import time
from collections.abc import Mapping
from itertools import groupby

from cli.commands.outputs import readable
from cli.confirmation import confirm
from cli.console import json_text, say
from cli.docker import Docker
from cli.errors import CommandError
from cli.paths import LOCAL
from cli.stack import outputs
from cli.stack.lock import StackLock
from cli.stack.server import client_of
from cli.stack.stack import Stack
from cli.storage import cleaning, history, keeping
from cli.storage.deleted import Deleted, deleted
from cli.storage.held import folders, held
from cli.storage.in_use import images_in_use
from cli.storage.keeping import Images, Version
from cli.storage.report import Storage, as_values
from cli.storage.report import show as _print
from cli.storage.shown import size
from nexus.errors import NexusError
from nexus.http.client import NexusClient
from nexus.http.listing import Api
from stacks.layout import NEXUS
from stacks.maintenance import Kept
from stacks.topology.maintained import COMPACT

_SECONDS = 120.0
_NAMED = 20


def storage(name: str, *, clean: bool = False, yes: bool = False, as_json: bool = False, wait: bool = True) -> None:
    """Prints what the store holds; with `clean` also runs the tasks that free space, after confirmation.

    Raises:
        CommandError: the server does not answer, or a task failed.
    """
    if clean and as_json:
        raise CommandError(
            "--json", "not with --clean, which says what it removes", fix=f"./store storage -s {name} --json"
        )
    stack, environment = readable(name)
    api = client_of(stack, environment)
    maintenance = stack.settings.maintenance
    kept = maintenance.keep if maintenance else {}
    try:
        shown = _look(stack, api)
        if not as_json:
            _print(shown)
        used = images_in_use(stack, outputs.outputs(stack, environment)) if kept else None
        if as_json:
            print(json_text({"stack": name, **as_values(shown), "removable": _removable(api, kept, used)}))
        elif used and not clean:
            _beyond(api, kept, used)
        if clean:
            with StackLock(stack, "storage", wait=wait):
                _clean(stack, api, _beyond(api, kept, used) if used else [], yes=yes)
    except NexusError as error:
        raise CommandError("storage", str(error)) from None


def _look(stack: Stack, api: Api) -> Storage:
    found = held(api)
    gone: dict[str, Deleted] = {}
    if not stack.is_external:
        gone = deleted(lambda script, paths: _inside(stack, script, paths), folders(api, found.blob_stores))
    path = LOCAL / "storage" / f"{stack.name}.json"
    looks = history.read(path)
    now = history.Look(time.time(), {store.name: store.size for store in found.blob_stores})
    grown = history.growth(looks, now)
    history.keep(path, looks, now)
    return Storage(found, gone, grown)


def _removable(api: NexusClient, kept: Mapping[str, Kept], used: Images | None) -> list[dict[str, str]]:
    """What `maintenance.keep` lets --clean remove."""
    if used is None:
        return []
    found = ((name, each) for name in kept for each in keeping.beyond(keeping.versions(api, name), kept[name], used))
    return [{"repository": name, "component": each.component, "version": each.version} for name, each in found]


def _inside(stack: Stack, script: str, paths: list[str]) -> str:
    nexus = stack.docker_name(NEXUS)
    return Docker(stack.docker_host).within(_SECONDS, "exec", nexus, "sh", "-c", script, "sh", *paths)


def _beyond(api: NexusClient, kept: Mapping[str, Kept], used: Images) -> list[Version]:
    """Prints the versions to be removed, and returns them."""
    removable: list[Version] = []
    for name, each in kept.items():
        found = keeping.beyond(keeping.versions(api, name), each, used)
        print(f"{name}: {len(found)} versions are older than the last {each.last} of each component")
        for component, of_it in groupby(found, key=lambda version: version.component):
            listed = [version.version for version in of_it]
            more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
            print(f"    {component}: {', '.join(listed[:_NAMED])}{more}")
        removable += found
    return removable


def _clean(stack: Stack, api: NexusClient, removable: list[Version], *, yes: bool) -> None:
    found = cleaning.tasks(api)
    for name in cleaning.uncompacted(found, api.get("/v1/blobstores")):
        say(f"no task compacts the blob store {name}: set maintenance.window in the stack file (docs/storage.md)")
    if not any(task.type == COMPACT for task in found):
        set_ = f'./store pulumi config set --stack {stack.name} --path maintenance.window "01:00-05:00"'
        raise CommandError("CLEAN", "the server has no task that compacts a blob store", fix=set_)
    say("tasks to run: " + ", ".join(task.name for task in found))
    if not yes:
        _ask(stack.name, len(removable))
    before = _sizes(api)
    if removable:
        say(f"removed {keeping.remove(api.delete, removable)} versions")
    for task in found:
        say(f"{task.name} ...")
        cleaning.run(api, task)
    freed = sum(before.values()) - sum(_sizes(api).values())
    print(f"freed: {size(max(freed, 0))}. The next run frees what was deleted within the last hour")


def _sizes(api: Api) -> dict[str, int]:
    return {str(store["name"]): int(store["totalSizeInBytes"] or 0) for store in api.get("/v1/blobstores")}


def _ask(name: str, versions: int) -> None:
    what = "deleted content is removed from the disk and cannot be restored any more"
    what = f"{versions} versions are deleted, and {what}" if versions else what
    confirm("storage", name, what)
