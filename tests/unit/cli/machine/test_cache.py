"""What is made once is whole or not there, whatever ended its making."""

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
    """A process that has made half of it."""
    command = [sys.executable, "-c", HALF]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout
    assert process.stdout.readline() == "made half\n"
    return process


def entries(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if not path.name.endswith(".lock"))


def test_it_is_made_once(cache: Path) -> None:
    made: list[str] = []
    assert once("thing-1", whole(made)) == once("thing-1", whole(made)) == cache / "thing-1"
    assert made == ["made"]


def test_what_fails_leaves_nothing_and_is_made_by_the_next_try(cache: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "program").write_text("half")
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        once("thing-1", fail)
    assert entries(cache) == []
    assert once("thing-1", whole()) == finished("thing-1")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_whoever_was_killed_leaves_nothing_that_is_taken_for_whole(cache: Path, number: signal.Signals) -> None:
    process = half()
    process.send_signal(number)
    process.communicate()
    assert finished("thing-1") is None
    once("thing-1", whole())
    assert entries(cache) == ["thing-1"]
    assert (cache / "thing-1/bin/program").read_text() == "whole"


@pytest.mark.parametrize("damage", ["truncated", "deleted", "without its list"])
def test_a_damaged_entry_is_made_anew(cache: Path, damage: str) -> None:
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


def test_whoever_waits_is_told_who_makes_it(cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
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


def test_a_lock_whose_holder_was_killed_is_free(cache: Path) -> None:
    (cache / "thing.lock").write_text("process 1 (up, since 10:00:00)")
    with locked("thing"):
        assert f"process {os.getpid()}" in (cache / "thing.lock").read_text()


def test_a_key_tells_names_and_contents_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    first = key_of([tmp_path / "a"])
    assert len({first, key_of([tmp_path / "b"]), key_of([tmp_path / "a"], "option")}) == 3
    (tmp_path / "a").write_text("b")
    assert key_of([tmp_path / "a"]) != first
