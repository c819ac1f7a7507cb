"""The rows of `doctor` about the containers, and their free disk, memory and open files."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.doctor import clock, containers, resources
from cli.doctor.clock import compared
from cli.doctor.engine import Engine
from tests.unit.cli.doctor.examined import of_file, rows
from tests.unit.cli.project import Project

# The answers of an engine on which Nexus runs with a disk of 100 GiB.
RUNNING = """#!/bin/sh
case "$1 $*" in
version*) echo 29.0.1 ;;
info*SystemTime*) echo '{time}' ;;
exec*df*) echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
    echo '/dev/sda1 104857600 1 {free} 9% /nexus-data' ;;
exec*) printf '{inside}' ;;
inspect*HostConfig.Memory*) echo 2147483648 ;;
inspect*State.Status*nginx) echo '{nginx}' ;;
inspect*State.Status*) echo 'running 0 healthy' ;;
inspect*State.Running*) echo false ;;
*) exit 1 ;;
esac
"""


GIB = 1 << 20


INSIDE = "MemTotal: 1000\\nMemAvailable: 600\\nkilled: 0\\nfiles: 3 1024\\nfiles: 500 1024\\n"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake engine, in whose folder the checks run."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    return tmp_path / "docker"


def running(**differing: Any) -> str:
    now = datetime.now(UTC).isoformat()
    usual: dict[str, Any] = {"free": 50 * GIB, "inside": INSIDE, "nginx": "running 0 healthy", "time": now}
    return RUNNING.format_map(usual | differing)


OF_CONTAINERS = (containers.containers, clock.clock, resources.disk, resources.memory_and_files)


def test_healthy_containers_are_reported(project: Project) -> None:
    project.play("docker", running())
    found = rows(project.run("doctor").stdout)
    named = ("containers", "clock", "disk", "memory", "open files")
    assert [found[name][:1] for name in named] == ["✓"] * len(named)
    assert "Nexus has 500 of 1024 open" in found["open files"]


@pytest.mark.parametrize(
    ("row", "differing", "detail", "fix"),
    [
        ("containers", {"nginx": "exited 137"}, "repository-store-trial-nginx is exited (exit code 137)", "make up"),
        ("containers", {"nginx": "running 0 unhealthy"}, "nginx is unhealthy", "make up STACK=trial; docker logs"),
        ("containers", {"nginx": ""}, "nginx is missing", "make up"),
        ("clock", {"time": "2001-01-01T00:00:00.123456789Z"}, "ahead of the store", "timedatectl set-ntp true"),
        ("disk", {"free": 5 * GIB}, "5.0 GiB of 100 GiB are free", "make storage STACK=trial CLEAN=1"),
        ("memory", {"inside": "MemTotal: 1000\\nMemAvailable: 40\\n"}, "40.0 KiB of the host's 1000", "docker stats"),
        ("memory", {"inside": INSIDE.replace("killed: 0", "killed: 2")}, "killed its processes 2", "memory 3072m,"),
        ("open files", {"inside": INSIDE.replace("500", "900")}, "900 of 1024", "--path nexus.openFiles 65536"),
    ],
)
def test_a_problem_of_the_containers_is_reported_with_its_command(
    row: str, differing: dict[str, Any], detail: str, fix: str, engine: Path, tmp_path: Path
) -> None:
    engine.write_text(running(**differing))
    engine.chmod(0o755)
    stack = of_file(tmp_path)
    asked = Engine(stack)
    found = {finding.what: finding for check in OF_CONTAINERS for finding in check(stack, asked)}
    wrong = [what for what, finding in found.items() if finding.fix]
    assert wrong == [row]
    assert detail in found[row].detail
    assert fix in found[row].fix


def test_free_resources_can_be_read_in_any_container() -> None:
    done = subprocess.run(["sh", "-c", resources._LEFT], capture_output=True, text=True, check=True)
    words = {line.split()[0] for line in done.stdout.splitlines()}
    assert {"MemTotal:", "MemAvailable:", "files:"} <= words
    assert done.stderr == ""


def test_clocks_are_compared_within_the_time_of_the_request() -> None:
    assert not compared(100.0, 90.0, 105.0).fix
    assert not compared(100.0, 130.0, 140.0).fix
    assert compared(100.0, 400.0, 401.0).detail == "this machine is 300 s ahead of the store"
    assert compared(1000.0, 400.0, 401.0).detail == "this machine is 599 s behind the store"
