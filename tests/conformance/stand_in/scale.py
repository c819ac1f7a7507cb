"""Prints how fast the stand-in is with a thousand repositories; asserts nothing, since it depends on the machine.

python -m tests.conformance.stand_in.scale [REPOSITORIES]
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.contract.bodies import repository
from tests.conformance.contract.stand_in import Server, binary, running
from tests.support.versions import NEWEST

RECIPES = ("raw/hosted", "maven/hosted", "docker/hosted", "npm/proxy", "yum/proxy")


def milliseconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def create(server: Server, number: int) -> float:
    recipe = RECIPES[number % len(RECIPES)]
    body = repository(recipe, f"r{number:05}")

    def send() -> None:
        answer = server.rest("POST", f"repositories/{recipe}", json=body)
        assert answer.status_code == 201, answer.text

    return milliseconds(send)


def memory(server: Server) -> float:
    """The peak memory in megabytes."""
    assert server.process is not None
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    target: float
    unit: str

    def __str__(self) -> str:
        verdict = "ok" if self.value <= self.target else "short"
        return f"stand-in-{self.name} {self.value:.2f} target {self.target:.2f} {verdict}  ({self.unit})"


def measure(server: Server, count: int) -> list[Figure]:
    durations = [create(server, number) for number in range(count)]
    part = max(count // 20, 1)
    first, last = statistics.median(durations[:part]), statistics.median(durations[-part:])
    lists = [milliseconds(lambda: server.rest("GET", "repositories")) for _ in range(10)]
    settings = [milliseconds(lambda: server.rest("GET", "repositorySettings")) for _ in range(10)]
    filled = memory(server)
    server.stop()
    start = milliseconds(server.start)
    return [
        Figure(
            "creation-of-the-last", last / first, 1, f"of the first: {last:.2f} ms : {first:.2f} ms, medians of {part}"
        ),
        Figure("list-of-repositories", max(lists), 100, "ms, slowest of 10"),
        Figure("settings-of-all", max(settings), 100, "ms, slowest of 10"),
        Figure("start", start / 1000, 3, f"s until it answers, with {count} repositories"),
        Figure("memory", max(filled, memory(server)), 300, "MB at most"),
    ]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder, running(binary(), Path(folder), NEWEST) as server:
        print(f"# {count} repositories on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print("\n".join(map(str, measure(server, count))))


if __name__ == "__main__":
    main()
