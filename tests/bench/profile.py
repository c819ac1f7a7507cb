"""python -m tests.bench.profile [COUNT] [alone]: shows where a preview with refresh spends its time, by process.

Prints a line for each process of the run: its lifetime and the time span in which it computed, in seconds after the
start, and its CPU seconds. With `alone`, Pulumi starts the program and the provider itself, like `pulumi preview`.
"""

import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cli.machine.stand_in import ensure_stand_in
from tests.bench import cpu
from tests.bench.measuring import external_server, first_up, raw_repositories, use_the_environment_of_store
from tests.bench.watching import Watch
from tests.integration.provider.play import Play

_TICKS = os.sysconf("SC_CLK_TCK")
_NAMES = {
    "pulumi.dynamic": "provider",
    "pulumi-resource-pulumi-python": "its launcher",
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "pip": "pip list",
    "pulumi": "engine",
}


@dataclass
class Row:
    """The observations of one process."""

    name: str
    first: float
    last: float = 0.0
    cpu: float = 0.0
    busy_from: float = 0.0
    busy_to: float = 0.0

    def see(self, now: float, cpu: float) -> None:
        if cpu > self.cpu:
            self.busy_from = self.busy_from or now
            self.busy_to = now
        self.last, self.cpu = now, cpu


class Profile(Watch):
    """Observes the processes of one stack's runs inside the block."""

    sample_seconds = 0.02

    def __init__(self, play: Play) -> None:
        super().__init__(play)
        self.rows: dict[int, Row] = {}

    def __enter__(self) -> Self:
        self._begin = time.monotonic()
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.seconds = time.monotonic() - self._begin

    def look(self) -> None:
        now = time.monotonic() - self._begin
        for process in self.processes():
            with suppress(OSError):
                self._see(process, now)

    def _see(self, process: Path, now: float) -> None:
        pid = int(process.name)
        if pid not in self.rows:
            if not self.is_of_stack(process):
                return
            self.rows[pid] = Row("", now)
        fields = cpu.stat(pid)
        row = self.rows[pid]
        row.name = self._name(process, int(fields[1]), int(fields[2])) or row.name
        row.see(now, (int(fields[11]) + int(fields[12])) / _TICKS)

    def _name(self, process: Path, parent: int, group: int) -> str:
        """The name of a process. If Pulumi attaches, the program runs in a child of the process with its modules."""
        words = (process / "cmdline").read_bytes().decode().split("\0")
        if "cli.runtime" in words:
            pid = int(process.name)
            if pid == group:
                return "language runtime"
            if parent != group:
                return "program"
            others = [other for other, row in self.rows.items() if row.name in ("modules of the program", "provider")]
            return "provider" if any(other < pid for other in others) else "modules of the program"
        return next((name for word, name in _NAMES.items() if word in [Path(each).name for each in words]), words[0])


def main(count: int, *, alone: bool) -> int:
    use_the_environment_of_store()
    with (
        tempfile.TemporaryDirectory(prefix="profile-") as folder,
        external_server(Path(folder) / "play", ensure_stand_in()) as play,
    ):
        play.wanted["repositories"] = raw_repositories(count)
        first_up(play, count)
        play.attaches = not alone
        with Profile(play) as profile:
            play.preview("--refresh", "--expect-no-changes")
    print(f"{'process':24}{'from':>8}{'to':>8}{'busy from':>11}{'to':>8}{'CPU s':>8}")
    for row in sorted(profile.rows.values(), key=lambda row: row.first):
        times = f"{row.first:8.2f}{row.last:8.2f}{row.busy_from:11.2f}{row.busy_to:8.2f}{row.cpu:8.2f}"
        print(f"{row.name:24}{times}")
    total = sum(row.cpu for row in profile.rows.values())
    print(f"{profile.seconds:.1f} s, {total:.1f} CPU s, load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    sys.exit(main(numbers[0] if numbers else 1000, alone="alone" in sys.argv))
