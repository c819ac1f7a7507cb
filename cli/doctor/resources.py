"""How much disk, memory and open files a store has left."""

from collections.abc import Iterator

from cli.doctor.engine import Engine
from cli.doctor.finding import SECONDS, Finding, check
from cli.stack.stack import Stack
from cli.storage.shown import size
from preflight.host_disk import host_disk
from stacks import layout
from stacks.topology.quotas import least_free

# The share of the host's memory that must be available without swapping.
_LEAST_AVAILABLE = 0.05
_MOST_FILES = 0.8
# Only builtins of sh, since not every image has more. Prints the host's memory, how many processes of the container the
# kernel killed for lack of memory (cgroups 2, then 1), and the open files of each process with its limit.
_LEFT = r"""
while read -r key value _; do
    case $key in MemTotal:|MemAvailable:) echo "$key $value" ;; esac
done </proc/meminfo
for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$file" ] || continue
    while read -r key value; do [ "$key" != oom_kill ] || echo "killed: $value"; done <"$file"
done
for process in /proc/[0-9]*; do
    set -- "$process"/fd/*
    [ -L "$1" ] || continue
    while read -r most open files limit _; do
        [ "$most $open $files" != "Max open files" ] || echo "files: $# $limit"
    done <"$process/limits"
done 2>/dev/null
"""


@check("disk")
def disk(stack: Stack, engine: Engine) -> Iterator[Finding]:
    """A full disk makes uploads fail and stops the database on it."""
    if stack.is_external or not engine.version:
        return
    found = host_disk(engine.docker.environment, stack.docker_name(layout.NEXUS), SECONDS)
    if found is None:
        return
    detail = f"{size(found.free)} of {size(found.total)} are free"
    fix = f"make storage STACK={stack.name} CLEAN=1" if found.free < least_free(found.total) else ""
    yield Finding("disk", f"{detail}: a full disk stops uploads and Nexus's database" if fix else detail, fix)


@check("memory")
def memory_and_files(stack: Stack, engine: Engine) -> Iterator[Finding]:
    """Read inside Nexus's container."""
    if stack.is_external:
        return
    output = engine.ask("exec", stack.docker_name(layout.NEXUS), "sh", "-c", _LEFT)
    lines = [line.split() for line in output.splitlines()]
    numbers = {words[0]: int(words[1]) for words in lines if len(words) == 2 and words[1].isdecimal()}
    if {"MemTotal:", "MemAvailable:"} <= numbers.keys():
        yield _memory(stack, engine, numbers)
    files = [(int(used), int(limit)) for _, used, limit in (words for words in lines if words[0] == "files:")
             if limit.isdecimal()]  # fmt: skip
    if files:
        yield _files(stack, *max(files, key=lambda each: each[0] / each[1]))


def _memory(stack: Stack, engine: Engine, numbers: dict[str, int]) -> Finding:
    available, total = numbers["MemAvailable:"] << 10, numbers["MemTotal:"] << 10
    detail = f"{size(available)} of the host's {size(total)} are available"
    if numbers.get("killed:"):
        limit = engine.field(stack.docker_name(layout.NEXUS), "{{.HostConfig.Memory}}")
        more = f"{(int(limit or 0) >> 20) * 3 // 2}m"
        set_ = f"./store pulumi config set --stack {stack.name} --path nexus.memory"
        return Finding(
            "memory",
            f"Nexus's container has too little: the kernel killed its processes {numbers['killed:']} times",
            f"{set_} {more}, then make up STACK={stack.name}",
        )
    fix = "docker stats --no-stream shows which containers use it: stop some, or give the host more"
    return Finding("memory", detail, fix if available < _LEAST_AVAILABLE * total else "")


def _files(stack: Stack, used: int, limit: int) -> Finding:
    set_ = f"./store pulumi config set --stack {stack.name} --path nexus.openFiles {2 * max(limit, 32768)}"
    fix = f"{set_}, then make up STACK={stack.name}" if used > _MOST_FILES * limit else ""
    return Finding("open files", f"Nexus has {used} of {limit} open", fix)
