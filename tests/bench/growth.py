"""python -m tests.bench.growth [COUNT...]: how time, memory, state and requests grow with the number of repositories.

Below the table are the exponents of growth between the two largest counts: 1 is linear.
"""

import math
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cli.machine.stand_in import ensure_stand_in
from stacks.settings import Settings
from tests.bench.measuring import (
    external_server,
    first_up,
    raw_repositories,
    seconds,
    state_bytes,
    use_the_environment_of_store,
)
from tests.bench.watching import Watch
from tests.integration.provider.play import ROOT, Play

TARGET = 1.1
PARSED, PARSE_TARGET = 10_000, 10.0
_PROGRAMS = {"engine": (b"pulumi\0up", b"pulumi\0preview"), "Python": (b"cli.runtime",)}


class Memory(Watch):
    """The peak memory of the engine in a run of Pulumi, and of program and provider together, in MB."""

    def __init__(self, play: Play) -> None:
        super().__init__(play)
        self.peaks: dict[str, float] = {}

    def look(self) -> None:
        found = dict.fromkeys(_PROGRAMS, 0.0)
        for process in self.processes():
            with suppress(OSError):
                command = (process / "cmdline").read_bytes()
                name = next((name for name, parts in _PROGRAMS.items() if any(part in command for part in parts)), "")
                if name and self.is_of_stack(process):
                    found[name] += _megabytes(process)
        self.peaks = {name: max(self.peaks.get(name, 0.0), now) for name, now in found.items()}


def _megabytes(process: Path) -> float:
    """The current memory, with its part of shared pages."""
    fields = dict(line.split(":", 1) for line in (process / "smaps_rollup").read_text().splitlines()[1:])
    return int(fields["Pss"].split()[0]) / 1000


def main(counts: list[int]) -> int:
    use_the_environment_of_store()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stand_in = ensure_stand_in()
        rows = {}
        for count in counts:
            with external_server(Path(folder) / str(count), stand_in) as play:
                rows[count] = measured(play, count)
    names = list(rows[counts[0]])
    print(" " * 7 + "".join(f"{name:>16}" for name in names))
    for count, row in rows.items():
        print(f"{count:>7}" + "".join(f"{row[name]:>16.1f}" for name in names))
    for name, exponent in exponents(rows).items():
        print(f"growth of {name} exponent {exponent:.2f} target {TARGET:.2f} {_verdict(exponent, TARGET)}")
    parsed = seconds(lambda: parse(PARSED))
    print(f"{PARSED} repositories parsed {parsed:.1f} s target {PARSE_TARGET:.0f} {_verdict(parsed, PARSE_TARGET)}")
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0


def exponents(rows: Mapping[int, Mapping[str, float]]) -> dict[str, float]:
    """The exponent of each figure between the two largest counts; empty for a single count."""
    *_, few, many = [0, *sorted(rows)]
    if not few:
        return {}
    return {name: math.log(rows[many][name] / rows[few][name]) / math.log(many / few) for name in rows[many]}


def _verdict(value: float, target: float) -> str:
    return "ok" if value <= target else "short"


def measured(play: Play, count: int) -> dict[str, float]:
    play.wanted["repositories"] = raw_repositories(count)
    with Memory(play) as memory:
        row = {"first up s": seconds(lambda: first_up(play, count))}
    row |= {f"{name} MB": memory.peaks[name] for name in _PROGRAMS}
    row["state kB"] = state_bytes(play) / 1000
    play.counted()
    row["preview s"] = seconds(lambda: play.preview("--refresh", "--expect-no-changes"))
    row["requests"] = float(len(play.counted()))
    return row


def parse(count: int) -> None:
    wanted = {
        "hostname": "nexus.domain.org",
        "passwords": {"admin": "long-enough-1"},
        "repositories": raw_repositories(count),
    }
    Settings.of({**wanted, "nexus": {"url": "https://nexus.domain.org"}}, ROOT / "stacks")


if __name__ == "__main__":
    sys.exit(main([int(count) for count in sys.argv[1:]] or [10, 100, 1000, 5000]))
