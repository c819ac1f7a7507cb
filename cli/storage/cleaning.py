"""Runs the tasks of a server that free space, one after another."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from cli.errors import CommandError
from nexus.http.listing import Api
from stacks.topology.maintained import COMPACT, DOCKER_CLEANUP, SNAPSHOTS, UPLOADS

# First the tasks that delete components, then those that mark their blobs as deleted, then the one that removes them.
_ORDER = (
    "repository.cleanup",
    SNAPSHOTS,
    UPLOADS,
    DOCKER_CLEANUP,
    "assetBlob.cleanup",
    COMPACT,
)
_SECONDS = 6 * 60 * 60
_BETWEEN = 2.0
_IDLE = ("WAITING", "OK")


class Runner(Api, Protocol):
    """The part of NexusClient that runs a task."""

    def post(self, path: str, body: Any) -> Any: ...


@dataclass(frozen=True)
class Task:
    id: str
    name: str
    type: str
    compacts: str
    """The blob store; empty for other types, and if the server does not report it (before 3.92)."""


def tasks(api: Api) -> list[Task]:
    """The enabled tasks that free space, in the order in which they have to run."""
    page = api.get("/v1/tasks")
    found = [_task(each) for each in page["items"] if each["type"] in _ORDER and each.get("enabled") is not False]
    return sorted(found, key=lambda task: _ORDER.index(task.type))


def uncompacted(found: list[Task], stores: list[Mapping[str, Any]]) -> list[str]:
    """The blob stores with content that no task compacts; empty if the server does not report a task's blob store."""
    compacted = {task.compacts for task in found if task.type == COMPACT}
    if "" in compacted:
        return []
    used = [str(store["name"]) for store in stores if store["type"] != "Group" and store.get("totalSizeInBytes")]
    return [name for name in used if name not in compacted]


def run(api: Runner, task: Task, wait: Callable[[float], None] = time.sleep) -> None:
    """Runs a task and waits for its end.

    Raises:
        CommandError: it failed, or still runs after _SECONDS.
    """
    path = f"/v1/tasks/{quote(task.id, safe='')}"
    before = api.get(path).get("lastRun")
    api.post(f"{path}/run", None)
    waited = 0.0
    while not _has_ended(status := api.get(path), before):
        if waited > _SECONDS:
            raise CommandError(task.name, f"the task is still running after {_SECONDS // 3600} hours")
        wait(_BETWEEN)
        waited += _BETWEEN
    if status.get("lastRunResult") not in ("OK", None):
        raise CommandError(task.name, "the task failed", got=str(status["lastRunResult"]), fix="see the log of Nexus")


def _has_ended(status: Mapping[str, Any], before: Any) -> bool:
    return status.get("currentState") in _IDLE and status.get("lastRun") != before


def _task(body: Mapping[str, Any]) -> Task:
    properties = body.get("properties") or {}
    return Task(str(body["id"]), str(body["name"]), str(body["type"]), str(properties.get("blobstoreName") or ""))
