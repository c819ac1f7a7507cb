"""The size of the data volume's disk: from Nexus's container, else from this host, else unknown."""

import shutil
from pathlib import Path

import pytest

from preflight.host_disk import Disk, host_disk
from tests.support.played_docker import play_docker

DF = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 2000 500 1500 25% /nexus-data\n"


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    play_docker(monkeypatch, tmp_path, '#!/bin/sh\ncat "$FOLDER/$1" 2>/dev/null || exit 1\n')
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return tmp_path


def test_nexus_container_shows_the_size_on_any_host(docker: Path) -> None:
    (docker / "exec").write_text(DF)
    assert host_disk({"DOCKER_HOST": "ssh://deploy@nexus.domain.org"}, "nexus") == Disk(2000 << 10, 1500 << 10)


def test_without_a_container_the_engines_folder_is_used(docker: Path) -> None:
    (docker / "info").write_text(f"{docker}\n")
    found = host_disk({}, "nexus")
    assert found is not None
    assert found.total == shutil.disk_usage(docker).total


def test_the_engines_folder_of_another_host_is_not_read_here(docker: Path) -> None:
    (docker / "info").write_text(f"{docker}\n")
    assert host_disk({"DOCKER_HOST": "ssh://deploy@nexus.domain.org"}, "nexus") is None


@pytest.mark.parametrize(
    "output", ["", "df: no such file\n", "Filesystem 1024-blocks Used Available Capacity Mounted on\n"]
)
def test_a_useless_answer_is_unknown(docker: Path, output: str) -> None:
    (docker / "exec").write_text(output)
    (docker / "info").write_text("/not/on/this/host\n")
    assert host_disk({}, "nexus") is None
