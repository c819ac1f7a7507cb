"""A cache entry is complete or absent, however its creation ended."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.machine.cache import finished, key_of, locked, once

ROOT = Path(__file__).parents[4]
HALF = """
import os, sys
from cli.machine.cache import once
def make(folder):
    (folder / "program").write_text("half")
    print("made half", flush=True)
    sys.stdin.read()
once("thing-1", make)
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPOSITORY_STORE_CACHE", str(tmp_path))
    return tmp_path


def whole(made: list[str] | None = None) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "bin").mkdir()
        (folder / "bin" / "program").write_text("whole")
        if made is not None:
            made.append("made")

    return make


def half(**how: int) -> subprocess.Popen[str]:
    """A process that has created half of the entry."""
    command = [sys.executable, "-c", HALF]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout
    assert process.stdout.readline() == "made half\n"
    return process


def entries(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if not path.name.endswith(".lock"))


def test_an_entry_is_created_once(cache: Path) -> None:
    made: list[str] = []
    assert once("thing-1", whole(made)) == once("thing-1", whole(made)) == cache / "thing-1"
    assert made == ["made"]


def test_a_failure_leaves_nothing_and_the_next_try_creates_the_entry(cache: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "program").write_text("half")
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        once("thing-1", fail)
    assert entries(cache) == []
    assert once("thing-1", whole()) == finished("thing-1")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_killed_process_leaves_no_entry_that_looks_complete(cache: Path, number: signal.Signals) -> None:
    process = half()
    process.send_signal(number)
    process.communicate()
    assert finished("thing-1") is None
    once("thing-1", whole())
    assert entries(cache) == ["thing-1"]
    assert (cache / "thing-1/bin/program").read_text() == "whole"


@pytest.mark.parametrize("damage", ["truncated", "deleted", "without its list"])
def test_a_damaged_entry_is_created_again(cache: Path, damage: str) -> None:
    program = once("thing-1", whole()) / "bin" / "program"
    if damage == "truncated":
        os.truncate(program, 2)
    elif damage == "deleted":
        shutil.rmtree(program.parent)
    else:
        (cache / "thing-1" / ".files.json").unlink()
    assert finished("thing-1") is None
    once("thing-1", whole())
    assert program.read_text() == "whole"
    assert entries(cache) == ["thing-1"]


def test_a_waiting_process_names_the_one_that_creates_the_entry(cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
    process = half()
    waiting = multiprocessing.get_context("fork").Process(target=once, args=("thing-1", whole()))
    waiting.start()
    waiting.join(1)
    assert waiting.is_alive()
    process.kill()
    process.communicate()
    waiting.join(20)
    assert waiting.exitcode == 0
    assert f"thing: waiting for process {process.pid} (" in capfd.readouterr().err
    assert (cache / "thing-1/bin/program").read_text() == "whole"


def test_the_lock_of_a_killed_process_is_free(cache: Path) -> None:
    (cache / "thing.lock").write_text("process 1 (up, since 10:00:00)")
    with locked("thing"):
        assert f"process {os.getpid()}" in (cache / "thing.lock").read_text()


def test_a_key_depends_on_names_and_contents(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    first = key_of([tmp_path / "a"])
    assert len({first, key_of([tmp_path / "b"]), key_of([tmp_path / "a"], "option")}) == 3
    (tmp_path / "a").write_text("b")
    assert key_of([tmp_path / "a"]) != first
