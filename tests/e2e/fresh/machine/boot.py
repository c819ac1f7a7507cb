"""Process 1 of a machine: mounts its file systems, changes to its root and runs until its standard input ends.

Run by `unshare` in new namespaces, with a JSON object as its one argument:
    root: where the root file system is mounted; lower, upper, work: the folders of its overlay
    mounts: [[SOURCE, TARGET, TYPE, OPTIONS], ...] on top of it; TYPE "bind" for a folder or file of the outer machine
    cgroups: the controllers of each hierarchy of version 1, or null for version 2
    hostname
When the tests end for whatever reason, its standard input ends too, and the kernel kills all processes with process 1.
"""

import ctypes
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from typing import Any

DETACH = 2
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


def mount(source: str, target: str, kind: str, options: str) -> None:
    if kind == "bind":
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            open(target, "a").close()
        subprocess.run(["mount", "--rbind", source, target], check=True)
        if options:
            subprocess.run(["mount", "-o", f"remount,bind,{options}", target], check=True)
        return
    os.makedirs(target, exist_ok=True)
    subprocess.run(["mount", "-t", kind, *(["-o", options] if options else []), source, target], check=True)


def devices(folder: str) -> None:
    mount("dev", folder, "tmpfs", "mode=755,size=64k")
    for name, numbers in DEVICES.items():
        os.mknod(f"{folder}/{name}", stat.S_IFCHR | 0o666, os.makedev(*numbers))
        os.chmod(f"{folder}/{name}", 0o666)
    mount("devpts", f"{folder}/pts", "devpts", "newinstance,ptmxmode=0666,mode=620,gid=5")
    mount("shm", f"{folder}/shm", "tmpfs", "mode=1777")
    for name, target in {
        "ptmx": "pts/ptmx",
        "fd": "/proc/self/fd",
        "stdin": "fd/0",
        "stdout": "fd/1",
        "stderr": "fd/2",
    }.items():
        os.symlink(target, f"{folder}/{name}")


def control_groups(folder: str, hierarchies: list[str] | None) -> None:
    if hierarchies is None:
        mount("cgroup2", folder, "cgroup2", "")
        # A group with processes in it cannot enable controllers for its children.
        os.mkdir(f"{folder}/init")
        with open(f"{folder}/init/cgroup.procs", "w") as group:
            group.write("0")
        with open(f"{folder}/cgroup.controllers") as available, open(f"{folder}/cgroup.subtree_control", "w") as handed:
            handed.write(" ".join(f"+{name}" for name in available.read().split()))
        return
    mount("cgroup", folder, "tmpfs", "mode=755")
    for controllers in hierarchies:
        name = controllers.removeprefix("name=")
        mount("cgroup", f"{folder}/{name}", "cgroup", controllers if "=" not in controllers else f"none,{controllers}")


def change_root(root: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    os.chdir(root)
    # This mounts the old root over the new one; umount2 then removes it.
    if libc.pivot_root(b".", b".") or libc.umount2(b".", DETACH):
        raise OSError(ctypes.get_errno(), "cannot change the root file system")
    os.chdir("/")


def boot(plan: dict[str, Any]) -> None:
    root: str = plan["root"]
    layers = f"lowerdir={':'.join(plan['lower'])},upperdir={plan['upper']},workdir={plan['work']}"
    mount("overlay", root, "overlay", layers)
    devices(f"{root}/dev")
    mount("proc", f"{root}/proc", "proc", "")
    mount("sysfs", f"{root}/sys", "sysfs", "")
    control_groups(f"{root}/sys/fs/cgroup", plan["cgroups"])
    mount("run", f"{root}/run", "tmpfs", "mode=755")
    for source, target, kind, options in plan["mounts"]:
        mount(source, f"{root}{target}", kind, options)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    socket.sethostname(plan["hostname"])
    change_root(root)


if __name__ == "__main__":
    outer_pid = os.readlink("/proc/self")
    boot(json.loads(sys.argv[1]))
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel then reaps ended processes itself
    print(outer_pid, flush=True)
    sys.stdin.buffer.read()
