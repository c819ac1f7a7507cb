"""Steps run side by side in the order that they need, and end together."""

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


def test_what_needs_nothing_of_another_runs_beside_it() -> None:
    both = threading.Barrier(2, timeout=20)

    def meet(_job: Job) -> None:
        both.wait()

    run_steps([Step("first", 1, meet), Step("second", 1, meet)])


def test_a_step_waits_for_those_that_it_needs() -> None:
    order: list[str] = []

    def note(name: str) -> Callable[[Job], None]:
        return lambda _job: order.append(name)

    steps = [Step("last", 1, note("last"), after=("second", "is done already")), Step("first", 1, note("first"))]
    run_steps([*steps, Step("second", 1, note("second"), after=("first",))])
    assert order == ["first", "second", "last"]


def test_a_step_may_find_that_more_is_needed() -> None:
    order: list[str] = []

    def more(_job: Job) -> list[Step]:
        order.append("asked")
        return [Step("needed", 1, lambda _job: order.append("needed"))]

    run_steps([Step("ask", 1, more)])
    assert order == ["asked", "needed"]


def test_a_failure_ends_the_others_and_shows_the_end_of_its_log(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_what_only_the_user_can_mend_is_shown_as_it_is() -> None:
    def refuse(_job: Job) -> None:
        raise CommandError("docker", "the engine is too old", fix="install a newer one")

    with pytest.raises(CommandError, match=r"^docker: the engine is too old. Fix: install a newer one$"):
        run_steps([Step("engine", 1, refuse)])


def test_steps_that_wait_for_each_other_are_no_endless_wait() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        run_steps([Step("a", 1, nothing, after=("b",)), Step("b", 1, nothing, after=("a",))])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_what_the_steps_run(cache: Path, number: signal.Signals) -> None:
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


def test_elsewhere_than_on_a_terminal_a_step_is_a_line_when_it_starts_and_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_steps([Step("Pulumi CLI", 150, nothing)])
    assert capsys.readouterr().err == "Pulumi CLI (about 2 min 30 s) ...\nPulumi CLI: done in 0 s\n"


def test_a_duration_is_printed_as_people_say_it() -> None:
    assert [duration(seconds) for seconds in (0, 59.6, 60, 150)] == ["0 s", "1 min", "1 min", "2 min 30 s"]
