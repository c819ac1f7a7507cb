"""The disk on which the engine keeps its volumes, and with them the data of a store."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from preflight.engine_answer import engine_answer
from preflight.engine_endpoint import DEFAULT
from stacks.layout import DATA_FOLDER, ENGINE_SECONDS


@dataclass(frozen=True)
class Disk:
    """Bytes."""

    total: int
    free: int


def host_disk(environment: Mapping[str, str], container: str, seconds: float = ENGINE_SECONDS) -> Disk | None:
    """The disk of the environment's engine, as the container of Nexus sees it while it runs.

    Without a container, the disk of the engine's data folder, if that is on this host; None if it is unknown.
    """
    answer = engine_answer(environment, "exec", container, "df", "-P", "-k", DATA_FOLDER, seconds=seconds)
    return _of_df(answer or "") or _of_this_host(environment, seconds)


def _of_df(output: str) -> Disk | None:
    """The columns of the last line are: device, total KiB, used, free, percent, mount point."""
    columns = (output.strip().splitlines() or [""])[-1].split()
    if len(columns) < 6 or not (columns[1].isdecimal() and columns[3].isdecimal()):
        return None
    return Disk(int(columns[1]) << 10, int(columns[3]) << 10)


def _of_this_host(environment: Mapping[str, str], seconds: float) -> Disk | None:
    if not environment.get("DOCKER_HOST", DEFAULT).startswith("unix://"):
        return None
    folder = (engine_answer(environment, "info", "--format", "{{.DockerRootDir}}", seconds=seconds) or "").strip()
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Disk(usage.total, usage.free)
