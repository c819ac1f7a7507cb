"""The tasks that `maintenance` adds for the declared repositories and blob stores, to free disk space.

Cleanup policies and deletions only mark blobs; only "Compact blob store" frees their space. So repositories are
cleaned in the first half of the window and blob stores are compacted in the second. Nexus's own "Cleanup unused ...
blobs", which runs every half hour, comes in between.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from nexus.schema.release import is_older
from stacks.maintenance import DAY, Maintenance, minutes
from stacks.topology.nexus_object import NexusObject
from stacks.topology.repository import Repository
from stacks.topology.topology import Topology

COMPACT = "blobstore.compact"
DOCKER_CLEANUP = "repository.docker.gc"
UPLOADS = "repository.docker.upload-purge"
SNAPSHOTS = "repository.maven.remove-snapshots"
TASKS_SINCE = "3.79"
"""3.77 answers a POST of a task with 405 (measured), 3.78 has no /v1/tasks at all (sonatype/nexus-public#598)."""

_ALL = "*"
_STEP = 5
_UNFINISHED_HOURS = "24"


@dataclass(frozen=True)
class _Task:
    name: str
    type: str
    properties: Mapping[str, str]

    @property
    def subject(self) -> str:
        """The repository or blob store that it works on; empty for a task that works on all."""
        return self.properties.get("repositoryName") or self.properties.get("blobstoreName") or ""


def maintained(topology: Topology, maintenance: Maintenance | None, generation: str | None) -> Topology:
    """The topology with the tasks that its blob stores and repositories need, unless the stack file declares them.

    Servers older than TASKS_SINCE get none; an unknown release counts as newer.
    """
    if maintenance is None or lacks_tasks(generation):
        return topology
    begin, length = minutes(maintenance.window)
    half = length // 2
    cleaning = _undeclared(topology, _cleaning(topology, maintenance))
    compacting = _undeclared(topology, _compacting(topology))
    tasks = {
        **topology.tasks,
        **_scheduled(cleaning, begin, half),
        **_scheduled(compacting, begin + half, length - half),
    }
    return topology.model_copy(update={"tasks": tasks})


def lacks_tasks(generation: str | None) -> bool:
    """Whether servers of a release cannot create tasks."""
    return generation is not None and is_older(generation, TASKS_SINCE)


def _cleaning(topology: Topology, maintenance: Maintenance) -> Iterator[_Task]:
    docker = [name for name, each in topology.repositories.items() if _holds_images(each)] if maintenance.docker else []
    if docker:
        yield _Task("incomplete-uploads", UPLOADS, {"age": _UNFINISHED_HOURS})
    # What is fetched by digest alone has no tag: the task would remove it from an offline copy.
    for name in (name for name in docker if name not in maintenance.offline_copies):
        properties = {"repositoryName": name, "deployOffset": _UNFINISHED_HOURS}
        yield _Task(f"unused-manifests-{name}", DOCKER_CLEANUP, properties)
    for name, repository in topology.repositories.items():
        if repository.type == "hosted" and repository.version_policy in ("SNAPSHOT", "MIXED"):
            properties = {
                "repositoryName": name,
                "minimumRetained": str(maintenance.keep_snapshots),
                "snapshotRetentionDays": str(maintenance.snapshot_days),
            }
            yield _Task(f"old-snapshots-{name}", SNAPSHOTS, properties)


def _holds_images(repository: Repository) -> bool:
    return repository.format == "docker" and repository.type != "group"


def _compacting(topology: Topology) -> Iterator[_Task]:
    """Groups have no files of their own; a used blob store may be undeclared, such as Nexus's own `default`."""
    declared = [name for name, store in topology.blob_stores.items() if store.type != "group"]
    used = {repository.blob_store for repository in topology.repositories.values()}
    for name in dict.fromkeys([*declared, *sorted(used - topology.blob_stores.keys())]):
        yield _Task(f"compact-{name}", COMPACT, {"blobstoreName": name})


def _undeclared(topology: Topology, tasks: Iterator[_Task]) -> list[_Task]:
    """The tasks that no declared task already does, and whose names are free."""
    done = {_subject(task) for task in topology.tasks.values()}
    return [
        task
        for task in tasks
        if task.name not in topology.tasks and not done & {(task.type, task.subject), (task.type, _ALL)}
    ]


def _subject(task: NexusObject) -> tuple[str, str]:
    declared = task.declared
    properties = declared.get("properties")
    found = properties if isinstance(properties, Mapping) else {}
    return str(declared.get("type")), str(found.get("repositoryName") or found.get("blobstoreName") or "")


def _scheduled(tasks: list[_Task], begin: int, length: int) -> dict[str, NexusObject]:
    """Each task at its own time, by a hash of its name, so that a new blob store moves few of the others."""
    steps = max(1, length // _STEP)
    taken: set[int] = set()
    found = {}
    for task in sorted(tasks, key=lambda task: task.name):
        if len(taken) == steps:
            taken.clear()
        step = crc32(task.name.encode()) % steps
        while step in taken:
            step = (step + 1) % steps
        taken.add(step)
        found[task.name] = NexusObject.model_validate(_body(task, (begin + step * _STEP) % DAY))
    return {task.name: found[task.name] for task in tasks}


def _body(task: _Task, minute: int) -> dict[str, Any]:
    return {
        "type": task.type,
        "frequency": {"schedule": "cron", "cronExpression": f"0 {minute % 60} {minute // 60} * * ?"},
        "properties": dict(task.properties),
    }
