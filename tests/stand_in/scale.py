"""Prints how the stand-in does with a thousand repositories; nothing is asserted, since it depends on the machine.

python -m tests.stand_in.scale [REPOSITORIES]
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.contract.bodies import repository
from tests.contract.stand_in import NEWEST, Server, binary, running

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


def memory(server: Server) -> tuple[float, float]:
    """Now and at most, in megabytes."""
    assert server.process is not None
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    values = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
    return int(values["VmRSS"]) / 1024, int(values["VmHWM"]) / 1024


def measure(server: Server, count: int) -> list[str]:
    durations = [create(server, number) for number in range(count)]
    part = max(count // 20, 1)
    lists = [milliseconds(lambda: server.rest("GET", "repositories")) for _ in range(10)]
    settings = [milliseconds(lambda: server.rest("GET", "repositorySettings")) for _ in range(10)]
    before = memory(server)
    server.stop()
    start = milliseconds(server.start)
    after = memory(server)
    return [
        f"creation of the first {part}: {statistics.median(durations[:part]):.1f} ms each (median)",
        f"creation of the last {part}: {statistics.median(durations[-part:]):.1f} ms each (median)",
        f"list of repositories: {statistics.median(lists):.0f} ms (median of 10, slowest {max(lists):.0f} ms)",
        f"settings of all: {statistics.median(settings):.0f} ms (median of 10, slowest {max(settings):.0f} ms)",
        f"start with {count}: {start:.0f} ms until it answers",
        f"memory: {before[0]:.0f} MB after the creation (at most {before[1]:.0f} MB), {after[0]:.0f} MB after a start",
    ]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder, running(binary(), Path(folder), NEWEST) as server:
        print(f"{count} repositories on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print("\n".join(measure(server, count)))


if __name__ == "__main__":
    main()
