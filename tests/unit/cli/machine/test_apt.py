"""dpkg is waited for as apt waits."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.machine import apt

HOLD = """
import fcntl, sys, time
with open(sys.argv[1], "a") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def held(file: Path, seconds: float) -> subprocess.Popen[str]:
    """Another process that has the lock by now."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, file, str(seconds)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("name", ["lock-frontend", "lock"])
def test_a_dpkg_that_still_runs_is_waited_for(name: str, tmp_path: Path) -> None:
    with held(tmp_path / name, 1) as other:
        apt.wait_for_dpkg(tmp_path)
        assert other.wait(0.5) == 0


def test_one_that_does_not_end_is_left_to_dpkg_to_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "_LOCK_SECONDS", 0.5)
    with held(tmp_path / "lock", 60) as other:
        begin = time.monotonic()
        apt.wait_for_dpkg(tmp_path)
        assert time.monotonic() - begin >= 0.5
        other.kill()
