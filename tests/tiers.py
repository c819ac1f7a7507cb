"""python -m tests.tiers "TIER..." "TIER..." -- "TIER...": runs the tiers of `make test`, and sums them up at the end.

A tier is a target of the Makefile. Lists run in parallel, for tiers that mostly wait for containers and have their own
stores; the lists after `--` start when those before it have passed. A tier that fails does not keep its list from going
on. The first list's output is printed live, the others' when all have ended; build/tests has each tier's own.
"""

import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from cli.paths import ROOT

LOGS = ROOT / "build" / "tests"
_STAGE = "--"
_COUNTED = re.compile(r"^=* ?(\d+ \w+(?:, \d+ \w+)*) in [\d.]+s", re.MULTILINE)
_FAILED_TEST = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?: - (.*))?$", re.MULTILINE)
_LAST_LINES = 5
_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Result:
    """A tier that has ended, with everything that it printed."""

    tier: str
    seconds: float
    code: int
    output: str

    @property
    def failed_tests(self) -> dict[str, str]:
        """The tests in pytest's short summary, each with the first line of its reason."""
        return {name: reason or "" for name, reason in _FAILED_TEST.findall(self.output)}

    def count(self, word: str) -> int:
        """What pytest's closing lines say of tests that `passed` or `failed`."""
        parts = ", ".join(_COUNTED.findall(self.output))
        return sum(int(number) for number in re.findall(rf"(\d+) {word}", parts))

    @property
    def failures(self) -> int:
        """At least one if the tier failed, since a linter counts none."""
        return max(self.count("failed") + self.count("error"), int(self.code != 0))

    @property
    def again(self) -> str:
        """The command that runs only what failed."""
        tests = shlex.join(self.failed_tests)
        return f".venv/bin/python -m pytest {tests}" if tests else f"make {self.tier}"


@dataclass(frozen=True)
class Run:
    """What has ended so far."""

    results: list[Result] = field(default_factory=list)
    interrupted: Event = field(default_factory=Event)

    @property
    def has_failed(self) -> bool:
        return self.interrupted.is_set() or any(result.code for result in self.results)

    def stage(self, lists: Sequence[Sequence[str]]) -> None:
        """Runs lists of tiers in parallel; Ctrl-C, which the tiers get too, keeps the next ones from starting."""
        with ThreadPoolExecutor(len(lists)) as pool:
            running = [pool.submit(self._list, row, live=not index) for index, row in enumerate(lists)]
            try:
                for ended in running:
                    ended.result()
            except KeyboardInterrupt:
                self.interrupted.set()
        for tier in (tier for row in lists[1:] for tier in row if _log(tier).exists()):
            print(_log(tier).read_text(encoding="utf-8", errors="replace"), end="", flush=True)

    def _list(self, row: Sequence[str], *, live: bool) -> None:
        for tier in row:
            if not self.interrupted.is_set():
                self.results.append(_run(tier, live=live))


def main(*arguments: str) -> int:
    """Returns 0 if every tier passed."""
    stages, run = list(_stages(arguments)), Run()
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    for lists in stages:
        if not run.has_failed:
            run.stage(lists)
    print(summary([tier for lists in stages for row in lists for tier in row], run.results), flush=True)
    return int(run.has_failed)


def summary(tiers: Sequence[str], results: Sequence[Result]) -> str:
    """How long each tier took, then what failed with the command that repeats just that, and the sum as last line."""
    by_tier = {result.tier: result for result in results}
    lines = ["", "tier        time     passed  failed"]
    for tier in tiers:
        found = by_tier.get(tier)
        if found is None:
            lines.append(f"{tier:10}  not run")
        else:
            lines.append(
                f"{tier:10} {_minutes(found.seconds):>6} {found.count('passed'):>10} {found.failures:>7}"
                f"{f'   (exit code {found.code})' if found.code else ''}"
            )
    for result in results:
        if result.code:
            lines += ["", *_reasons(result), f"again: {result.again}", f"log:   build/tests/{result.tier}.log"]
    passed, failed = sum(each.count("passed") for each in results), sum(each.failures for each in results)
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed"])


def _reasons(result: Result) -> Iterator[str]:
    yield f"{result.tier} failed:"
    if result.failed_tests:
        yield from (f"  {name}{f': {reason}' if reason else ''}" for name, reason in result.failed_tests.items())
    else:
        lines = [line for line in result.output.splitlines() if line.strip() and not line.startswith("make")]
        yield from (f"  {line}" for line in lines[-_LAST_LINES:])


def _stages(arguments: Sequence[str]) -> Iterator[list[list[str]]]:
    lists: list[list[str]] = []
    for argument in [*arguments, _STAGE]:
        if argument != _STAGE:
            lists.append(argument.split())
        elif lists:
            yield lists
            lists = []


def _run(tier: str, *, live: bool) -> Result:
    """The output goes into a file, not a pipe, which a daemon that a tier starts could keep open."""
    started = time.monotonic()
    with _log(tier).open("wb") as written, _log(tier).open(encoding="utf-8", errors="replace") as read:
        process = subprocess.Popen(
            ["make", "--no-print-directory", tier], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=written, stderr=written
        )
        output = ""
        while True:
            code = process.poll()
            new = read.read()
            output += new
            if live and new:
                print(new, end="", flush=True)
            if code is not None:
                return Result(tier, time.monotonic() - started, code, output)
            time.sleep(_POLL_SECONDS)


def _log(tier: str) -> Path:
    return LOGS / f"{tier}.log"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
