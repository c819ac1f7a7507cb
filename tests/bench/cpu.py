"""Seconds of processor time, as the kernel counts them."""

import os
import resource
from pathlib import Path

from tests.e2e.store.store import run

_CGROUP = Path("/sys/fs/cgroup")


def of_container(name: str) -> float:
    """All processes of a container, also ended ones; cgroup 1 has nanoseconds, cgroup 2 microseconds."""
    process = run(["docker", "inspect", "--format", "{{.State.Pid}}", name]).strip()
    places = [line.split(":", 2) for line in Path(f"/proc/{process}/cgroup").read_text().splitlines()]
    for _, controllers, path in places:
        if "cpuacct" in controllers.split(","):
            return int((_CGROUP / controllers / path.lstrip("/") / "cpuacct.usage").read_text()) / 1e9
    found = (_CGROUP / places[-1][2].lstrip("/") / "cpu.stat").read_text().split()
    return int(found[found.index("usage_usec") + 1]) / 1e6


def of_children() -> float:
    """The ended children of this process, such as clients of the measurement."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def of_tree(process: int) -> float:
    """A process and its descendants, also ended ones, in steps of 10 ms."""
    fields = stat(process)
    ticks = sum(int(each) for each in fields[11:15])  # utime and stime, also of ended children
    children = [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(int(path.name)) == process]
    return ticks / os.sysconf("SC_CLK_TCK") + sum(of_tree(child) for child in children)


def stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat (proc(5)) after the command's name."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _parent(process: int) -> int:
    try:
        return int(stat(process)[1])
    except OSError:  # it has ended
        return 0
