"""Steps run in parallel as far as their dependencies allow, and end together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.machine.progress import run_steps
from cli.machine.progress_view import duration
from cli.machine.step import Step
from lab.running import Job

ROOT = Path(__file__).parents[4]
SLEEPING = """
from cli.machine.progress import run_steps
from cli.machine.step import Step
run_steps([Step("sleeping", 9, lambda job: job.run(["sh", "-c", "echo $$ >&2; exec sleep 600"]))])
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPOSITORY_STORE_CACHE", str(tmp_path))
    return tmp_path


def nothing(_job: Job) -> None:
    pass


def test_independent_steps_run_in_parallel() -> None:
    both = threading.Barrier(2, timeout=20)

    def meet(_job: Job) -> None:
        both.wait()

    run_steps([Step("first", 1, meet), Step("second", 1, meet)])


def test_a_step_waits_for_its_dependencies() -> None:
    order: list[str] = []

    def note(name: str) -> Callable[[Job], None]:
        return lambda _job: order.append(name)

    steps = [Step("last", 1, note("last"), after=("second", "is done already")), Step("first", 1, note("first"))]
    run_steps([*steps, Step("second", 1, note("second"), after=("first",))])
    assert order == ["first", "second", "last"]


def test_a_step_can_add_steps() -> None:
    order: list[str] = []

    def more(_job: Job) -> list[Step]:
        order.append("asked")
        return [Step("needed", 1, lambda _job: order.append("needed"))]

    run_steps([Step("ask", 1, more)])
    assert order == ["asked", "needed"]


def test_a_failure_ends_the_other_steps_and_shows_its_last_log_lines(capsys: pytest.CaptureFixture[str]) -> None:
    begun = threading.Event()

    def sleep(job: Job) -> None:
        begun.set()
        job.run(["sleep", "600"])

    def fail(job: Job) -> None:
        begun.wait(20)
        job.run(["sh", "-c", "seq 1 40; echo no space left on device >&2; exit 3"])

    with pytest.raises(CommandError) as error:
        run_steps(
            [Step("long", 600, sleep), Step("broken", 1, fail, fix="make room"), Step("never", 1, nothing, ("x",))]
        )
    printed = capsys.readouterr().err
    assert "    no space left on device\n" in printed
    assert "    40\n" in printed
    assert "    20\n" not in printed
    assert "long: stopped" in printed
    assert str(error.value).startswith("broken: it failed")
    assert str(error.value).endswith("Fix: make room")


def test_an_error_for_the_user_is_shown_unchanged() -> None:
    def refuse(_job: Job) -> None:
        raise CommandError("docker", "the engine is too old", fix="install a newer one")

    with pytest.raises(CommandError, match=r"^docker: the engine is too old. Fix: install a newer one$"):
        run_steps([Step("engine", 1, refuse)])


def test_a_cycle_of_steps_is_an_error() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        run_steps([Step("a", 1, nothing, after=("b",)), Step("b", 1, nothing, after=("a",))])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_steps_processes(cache: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPING], cwd=ROOT, env={**os.environ, "REPOSITORY_STORE_CACHE": str(cache)}
    )
    log = cache / "logs" / "sleeping.log"
    while not (log.exists() and log.read_text().endswith("\n")):
        assert process.poll() is None
        time.sleep(0.05)
    child = int(log.read_text())
    process.send_signal(number)
    assert process.wait(20) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_without_a_terminal_a_step_prints_a_line_when_it_starts_and_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_steps([Step("Pulumi CLI", 150, nothing)])
    assert capsys.readouterr().err == "Pulumi CLI (about 2 min 30 s) ...\nPulumi CLI: done in 0 s\n"


def test_a_duration_is_readable() -> None:
    assert [duration(seconds) for seconds in (0, 59.6, 60, 150)] == ["0 s", "1 min", "1 min", "2 min 30 s"]
