"""What tests look at may be removed meanwhile, and what they get may be wanted by others."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.fresh.machine import control_groups
from tests.e2e.kills import killing
from tests.e2e.store import faults
from tests.support import ports
from tests.support.vanishing import below, content


def test_a_folder_may_vanish_while_it_is_looked_through(tmp_path: Path) -> None:
    for name in ("container", "container/deep", "init"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cgroup.procs").touch()
    looking = below(tmp_path)
    seen = [next(looking)]
    shutil.rmtree(tmp_path / "container")
    seen += looking
    assert tmp_path / "init" / "cgroup.procs" in seen
    assert content(tmp_path / "container" / "cgroup.procs") == b""


def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        content(tmp_path)


def test_the_processes_of_a_group_are_those_that_still_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker removes a container's group, and a process ends, after they were listed."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "cgroup.procs").write_text(f"{os.getpid()}\n{ended.pid}\n")
    gone = tmp_path / "removed" / "cgroup.procs"
    monkeypatch.setattr(control_groups, "below", lambda folder: [*below(folder), gone])
    found = control_groups.processes(tmp_path)
    assert list(found) == [os.getpid()]
    assert "python" in found[os.getpid()]


def test_a_group_that_is_still_busy_is_removed_a_moment_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, remove = [], os.rmdir

    def busy_once(folder: str) -> None:
        asked.append(folder)
        if len(asked) == 1:
            raise OSError(16, "Device or resource busy")
        remove(folder)

    monkeypatch.setattr(os, "rmdir", busy_once)
    (tmp_path / "group").mkdir()
    control_groups._remove(str(tmp_path / "group"))
    control_groups._remove(str(tmp_path / "group"))
    assert len(asked) == 3
    assert not (tmp_path / "group").exists()


def test_a_pulumi_that_has_ended_has_no_steps_and_is_not_killed() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    ended.wait()
    assert list(killing._steps(ended.pid)) == []
    assert not killing._kill(ended.pid, ended.pid, killing.How.GROUP)


def test_no_other_process_gets_a_port_before_its_server_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    class Same:
        def __init__(self, *numbers: int) -> None:
            self._numbers = iter(numbers)

        def randrange(self, *_: int) -> int:
            return next(self._numbers)

    first = ports.free_port()
    monkeypatch.setattr(ports, "_RANDOM", Same(first, first + 1, first, first + 1, first + 2))
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(ports.free_port) > first


def test_the_fault_of_a_missing_name_keeps_the_lines_of_other_stores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost\n198.18.0.1 ours # repository-store doctor\n")
    monkeypatch.setattr(faults, "HOSTS", hosts)
    with faults.name(type("Store", (), {"hostname": "ours"})()):
        with hosts.open("a") as file:
            file.write("198.18.0.2 theirs # repository-store kills\n")
        assert "ours" not in hosts.read_text()
    assert "theirs" in hosts.read_text()
    assert "ours # repository-store doctor" in hosts.read_text()
