"""The wait for Nexus, with a fake docker."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.played_docker import play_docker

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "components" / "scripts" / "wait-until-writable.sh"

DOCKER = """#!/bin/sh
echo "$@" >>"$FOLDER/calls"
case "$1" in
logs) echo "java.lang.OutOfMemoryError: the last line of the log" ;;
inspect) cat "$FOLDER/state" ;;
exec)
    case "$*" in
    *status/writable*) cat "$FOLDER/answer" ; [ -s "$FOLDER/next" ] && mv "$FOLDER/next" "$FOLDER/answer" ; exit 0 ;;
    *) echo 0123456789abcdef ;;
    esac ;;
esac
"""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    play_docker(monkeypatch, tmp_path, DOCKER)
    (tmp_path / "state").write_text("running 0\n")
    return tmp_path


def wait(seconds: int = 30) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CONTAINER": "nexus", "TIMEOUT_SECONDS": str(seconds)}
    return subprocess.run(["sh", str(SCRIPT)], env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_writable_nexus_is_not_waited_for_and_its_volume_is_printed(docker: Path) -> None:
    (docker / "answer").write_text("200")
    done = wait()
    assert done.returncode == 0
    assert done.stdout == "0123456789abcdef\n"
    assert done.stderr == ""


def test_nexus_gets_a_pids_limit(docker: Path) -> None:
    (docker / "answer").write_text("200")
    wait()
    assert "update --pids-limit 4096 nexus" in (docker / "calls").read_text().splitlines()


def test_an_engine_without_pids_limits_is_reported(docker: Path) -> None:
    (docker / "answer").write_text("200")
    (docker / "docker").write_text(DOCKER.replace("logs)", "update) exit 1 ;;\nlogs)"))
    done = wait()
    assert done.returncode == 0
    assert done.stderr == "the engine does not limit the processes of nexus\n"


def test_a_starting_nexus_is_waited_for(docker: Path) -> None:
    (docker / "answer").write_text("503")
    (docker / "next").write_text("200")
    assert wait().returncode == 0


def test_the_wait_counts_down_and_ends_with_the_last_log_lines(docker: Path) -> None:
    (docker / "answer").write_text("503")
    done = wait(seconds=4)
    assert done.returncode == 1
    assert "Nexus is starting (answer: 503), " in done.stderr
    assert "is not writable after 4 s (last answer: 503); its last log lines:" in done.stderr
    assert "OutOfMemoryError" in done.stderr


@pytest.mark.parametrize("state", ["exited 0", "dead 0", "restarting 3", "running 5"])
def test_a_nexus_that_does_not_stay_up_is_not_waited_for(docker: Path, state: str) -> None:
    (docker / "answer").write_text("000")
    (docker / "state").write_text(f"{state}\n")
    done = wait(seconds=600)
    assert done.returncode == 1
    assert "does not stay up" in done.stderr
    assert "OutOfMemoryError" in done.stderr
