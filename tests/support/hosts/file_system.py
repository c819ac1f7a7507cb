"""python -m tests.support.hosts.file_system FOLDER: runs the host of ssh_host.py inside its namespaces.

Its root is this machine's file system with a writable layer in memory. Becomes sshd on port 2222; all other processes
of the host end with it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.hosts import systemctl

_UNIT = """[Service]
ExecStart=/usr/sbin/dockerd --bridge none --iptables=false --ip6tables=false \\
    --data-root /tmp/docker --exec-root /tmp/docker-exec
"""
# Removed on the host: other tiers change them on this machine at the same time.
_REMOVED = (
    "root/.docker",
    "etc/docker",
    "etc/containers/certs.d",
    "etc/containerd/certs.d",
    "etc/pki/ca-trust",
    "var/lib/repository-store",
)
_SSHD_OPTIONS = ("HostKey=/etc/ssh/host_key", "PasswordAuthentication=no", "PermitRootLogin=no", "UsePAM=no")


def main(folder: Path) -> None:
    root = _mounted(folder / "memory")
    for name in _REMOVED:
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost {os.uname().nodename}\n")
    # This machine may have local CAs that are not in its trust store yet.
    _run("chroot", root, "update-ca-certificates", "--fresh")
    _play_systemd(root)
    _add_account(root, folder)
    _change_root(root)
    options = [part for option in (*_SSHD_OPTIONS, "LogLevel=ERROR") for part in ("-o", option)]
    os.execv("/usr/sbin/sshd", ["/usr/sbin/sshd", "-D", "-e", "-p", "2222", *options])


def _mounted(memory: Path) -> Path:
    layer, work, root = memory / "layer", memory / "work", memory / "root"
    _run("mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", memory)
    for each in (layer, work, root):
        each.mkdir()
    _run("mount", "-t", "overlay", "-o", f"lowerdir=/,upperdir={layer},workdir={work}", "overlay", root)
    _run("mount", "-t", "proc", "proc", root / "proc")
    for name in ("sys", "dev"):
        _run("mount", "--rbind", f"/{name}", root / name)
    for name in ("run", "tmp"):
        _run("mount", "-t", "tmpfs", "tmpfs", root / name)
    for name in ("sshd", "lock", "systemd/system"):
        (root / "run" / name).mkdir(parents=True)
    return root


def _play_systemd(root: Path) -> None:
    (root / "lib/systemd/system/docker.service").write_text(_UNIT)
    shutil.copy(systemctl.__file__, root / "usr/local/bin/systemctl")
    (root / "usr/local/bin/systemctl").chmod(0o755)


def _add_account(root: Path, folder: Path) -> None:
    """Creates the account `builder`, which may become root."""
    for key in ("host_key", "host_key.pub"):
        shutil.copy(folder / key, root / "etc/ssh")
    (root / "etc/sudoers.d/builder").write_text("builder ALL=(ALL) NOPASSWD: ALL\n")
    _run("chroot", root, "useradd", "--create-home", "--shell", "/bin/sh", "--password", "*", "builder")
    (root / "home/builder/.ssh").mkdir(mode=0o700)
    shutil.copy(folder / "client_key.pub", root / "home/builder/.ssh/authorized_keys")
    _run("chroot", root, "chown", "-R", "builder:", "/home/builder/.ssh")


def _change_root(root: Path) -> None:
    """Changes the root by pivot_root: runc cannot enter containers that were started in a chroot."""
    (root / "mnt/outside").mkdir()
    os.chdir(root)
    _run("pivot_root", ".", "mnt/outside")
    _run("umount", "--lazy", "/mnt/outside")


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
