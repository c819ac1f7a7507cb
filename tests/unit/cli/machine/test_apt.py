"""Waits for dpkg like apt does, and completes killed installations."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.machine import apt
from lab.running import Job

HOLD = """
import fcntl, sys, time
with open(sys.argv[1], "a") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def held(file: Path, seconds: float) -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, file, str(seconds)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("name", ["lock-frontend", "lock"])
def test_a_running_dpkg_is_waited_for(name: str, tmp_path: Path) -> None:
    with held(tmp_path / name, 1) as other:
        apt.wait_for_dpkg(tmp_path)
        assert other.wait(0.5) == 0


def test_after_the_wait_dpkg_itself_reports_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "_LOCK_SECONDS", 0.5)
    with held(tmp_path / "lock", 60) as other:
        begin = time.monotonic()
        apt.wait_for_dpkg(tmp_path)
        assert time.monotonic() - begin >= 0.5
        other.kill()


PACKAGES = """#!/bin/sh
case "$*" in
*--configure*) echo "dpkg $*" >>{folder}/calls ;;
*) printf '%s\\n' '{package}' ;;
esac
"""
RECORDED = """#!/bin/sh
echo "apt-get $*" >>{folder}/calls
"""


def dpkg_has(folder: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fakes dpkg with one package: name, error flag and status. apt-get and dpkg log their arguments."""
    for name, text in (("dpkg-query", PACKAGES), ("dpkg", PACKAGES), ("apt-get", RECORDED)):
        (folder / name).write_text(text.format(folder=folder, package=package))
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(apt, "_which", lambda command: command)


@pytest.mark.parametrize("status", ["ok unpacked", "ok half-configured", "reinstreq half-installed"])
def test_an_unfinished_package_counts_as_missing(status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dpkg_has(tmp_path, f"docker.io {status}", monkeypatch)
    assert [each.name for each in apt.missing(apt.ENGINE)] == ["docker.io"]


@pytest.mark.parametrize("package", ["docker.io ok installed", "docker.io ok config-files"])
def test_an_installed_package_with_its_command_is_not_missing(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dpkg_has(tmp_path, package, monkeypatch)
    assert apt.missing(apt.ENGINE) == []


def test_a_package_killed_while_unpacking_is_unpacked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dpkg_has(tmp_path, "docker.io reinstreq half-installed", monkeypatch)
    apt.finish(Job(tmp_path / "log"))
    configured, installed, again = (tmp_path / "calls").read_text().splitlines()
    assert configured == again == "dpkg --configure -a"
    assert installed.endswith("install --reinstall docker.io")
