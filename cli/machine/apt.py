"""Debian packages: which are missing, and their installation."""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cli.errors import CommandError
from cli.machine.cache import locked
from lab.running import Job
from preflight.child_environment import child_environment

_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive"}
# How long another apt, like unattended upgrades, is waited for.
_LOCK_SECONDS = 300
_STATE = "${Package} ${db:Status-Eflag} ${db:Status-Status}\\n"
_UNFINISHED = ("half-installed", "unpacked", "half-configured")
_APT = ("apt-get", "-o", f"DPkg::Lock::Timeout={_LOCK_SECONDS}", "-y", "--no-install-recommends")


@dataclass(frozen=True)
class Package:
    """A package that is needed for its command."""

    name: str
    command: str
    reason: str


ENGINE = (
    Package("docker.io", "dockerd", "the engine that runs the store's containers"),
    Package("docker-cli", "docker", "the docker command, a package of its own since Debian 13"),
    Package("iptables", "iptables", "dockerd publishes ports and separates networks with it"),
)
ROOT_FILE_SYSTEM = (
    Package("mmdebstrap", "mmdebstrap", "makes the root file system of the images that are built here"),
    Package("debian-archive-keyring", "", "the keys by which it verifies Debian's packages"),
)


def missing(packages: Sequence[Package]) -> list[Package]:
    """Packages whose command is missing or that dpkg has not finished; if there are any, also those without one."""
    unfinished = {name for name, _, status in _states([each.name for each in packages]) if status in _UNFINISHED}
    lacking = [each for each in packages if each.command and (each.name in unfinished or not _which(each.command))]
    return lacking + [each for each in packages if lacking and not each.command]


def install_command(packages: Sequence[Package]) -> str:
    """The command for a user with sudo."""
    return f"sudo apt-get install {' '.join(each.name for each in packages)}"


def require_apt(packages: Sequence[Package]) -> None:
    """Checks that the packages can be installed, before anything is.

    Raises:
        CommandError: this user cannot install them here.
    """
    names = " and ".join(f"{each.name} ({each.reason})" for each in packages)
    if not shutil.which("apt-get"):
        raise CommandError(
            "", f"{names} is missing", allowed="Debian or Ubuntu, or installed by hand", fix="install it"
        )
    if os.geteuid():
        raise CommandError("", f"{names} is missing, and only root can install it", fix=install_command(packages))


def install(job: Job, packages: Sequence[Package]) -> None:
    """Installs them, as root. First finishes a killed installation; updates the package lists if they are too old."""
    with locked("apt"):
        wait_for_dpkg()
        finish(job)
        names = [each.name for each in packages if _is_known(job, each.name)]
        if len(names) < len(packages) or not job.succeeds([*_APT, "install", *names], env=_ENVIRONMENT):
            job.run([*_APT, "update"], env=_ENVIRONMENT)
            names = [each.name for each in packages if _is_known(job, each.name)]
            job.run([*_APT, "install", *names], env=_ENVIRONMENT)


def finish(job: Job) -> None:
    """Finishes a killed installation: dpkg first, then apt, which unpacks a broken package again only with --reinstall.

    Raises:
        subprocess.CalledProcessError: it cannot be finished; the log has the reason.
    """
    is_configured = job.succeeds(["dpkg", "--configure", "-a"], env=_ENVIRONMENT)
    broken = [name for name, error, _ in _states() if error == "reinstreq"]
    if broken:
        job.run([*_APT, "install", "--reinstall", *broken], env=_ENVIRONMENT)
    if broken or not is_configured:
        job.run(["dpkg", "--configure", "-a"], env=_ENVIRONMENT)


def _states(names: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """Name, error flag and status (see dpkg-query(1)) of these packages, or of all; empty without dpkg."""
    if not shutil.which("dpkg-query"):
        return []
    done = subprocess.run(
        ["dpkg-query", "--show", f"--showformat={_STATE}", *names],
        env=child_environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # complaints about unknown packages
        text=True,
        check=False,
    )
    return [(name, error, status) for name, error, status in map(str.split, done.stdout.splitlines())]


def wait_for_dpkg(folder: Path = Path("/var/lib/dpkg")) -> None:
    """Waits for another dpkg: unlike apt, dpkg itself does not wait, and it outlives a killed apt for a while.

    After _LOCK_SECONDS it returns, and dpkg reports who holds the lock.
    """
    deadline = time.monotonic() + _LOCK_SECONDS
    for name in ("lock-frontend", "lock"):
        with (folder / name).open("a") as file:
            while not _is_free(file) and time.monotonic() < deadline:
                time.sleep(0.2)


def _is_free(file: TextIO) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_known(job: Job, name: str) -> bool:
    """Debian 12 has no docker-cli: there docker.io contains the command."""
    return bool(job.output(["apt-cache", "search", "--names-only", f"^{name}$"]))


def _which(command: str) -> str | None:
    """Also looks in the folders that only root has on PATH."""
    return shutil.which(command, path=environment()["PATH"])


def environment() -> Mapping[str, str]:
    """PATH with the folders that only root has on it."""
    return {"PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"}
