"""Reads of folders that others change meanwhile; a control group is played by a folder."""

import threading
from pathlib import Path

from tests.support.live_files import files_below, processes_of_group
from tests.support.ports import free_port


def test_folders_that_go_away_while_they_are_read(tmp_path: Path) -> None:
    """Path.rglob raises FileNotFoundError here, as in a tier while Docker removed a container's control group."""
    (tmp_path / "cgroup.procs").write_text("1\n")
    ended = threading.Event()

    def change() -> None:
        while not ended.is_set():
            for folder in (tmp_path / f"container-{number}" for number in range(20)):
                folder.mkdir()
                (folder / "cgroup.procs").write_text("2\n3\n")
            for folder in (tmp_path / f"container-{number}" for number in range(20)):
                (folder / "cgroup.procs").unlink()
                folder.rmdir()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for _ in range(200):
            assert set(processes_of_group(tmp_path)) <= {1, 2, 3}
            assert tmp_path / "cgroup.procs" in files_below(tmp_path)
    finally:
        ended.set()
        changing.join()


def test_no_port_is_given_twice() -> None:
    ports = [free_port() for _ in range(200)]
    assert len(set(ports)) == len(ports)
