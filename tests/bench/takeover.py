"""python -m tests.bench.takeover [FOREIGN] [ADOPTED]: takes over some of the repositories of a server that has many.

The server is the stand-in, with PACE=real as slow as a real one. Each line has the time and the peak memory of the
engine, and of program and provider together.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cli.machine.stand_in import ensure_stand_in
from exports import state as exports
from exports.inventory import Inventory
from nexus.http.client import NexusClient
from nexus.objects.reader import Reader
from tests.bench.growth import Memory
from tests.bench.measuring import external_server, first_up, raw_repositories, seconds, use_the_environment_of_store
from tests.integration.provider.play import Play
from tests.integration.provider.sequence import raw

_REQUESTS = 4


def main(foreign: int, adopted: int) -> int:
    use_the_environment_of_store()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        external_server(Path(folder), ensure_stand_in()) as play,
    ):
        theirs = raw_repositories(adopted)
        _fill(play, [*theirs, *(f"foreign-{number:05}" for number in range(foreign))])
        play.wanted["repositories"] = {name: {**declared, "adopt": True} for name, declared in theirs.items()}
        print(f"{adopted} repositories adopted beside {foreign} foreign ones")
        _show(play, "preview", lambda: play.preview())
        _show(play, "up", lambda: first_up(play, adopted))
        _show(play, "preview with refresh", lambda: play.preview("--refresh", "--expect-no-changes"))
        print(f"{'what is not declared':<22}{seconds(lambda: _count(play, foreign)):>7.1f} s")
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0


def _fill(play: Play, names: list[str]) -> None:
    def make(name: str) -> None:
        play.ask("POST", "/v1/repositories/raw/hosted", raw(name)).raise_for_status()

    with ThreadPoolExecutor(_REQUESTS) as pool:
        list(pool.map(make, names))


def _show(play: Play, what: str, run: Callable[[], object]) -> None:
    play.counted()
    with Memory(play) as memory:
        took = seconds(run)
    peaks = "".join(f"  {name} {peak:.0f} MB" for name, peak in memory.peaks.items())
    print(f"{what:<22}{took:>7.1f} s{peaks}  {len(play.counted())} requests", flush=True)


def _count(play: Play, foreign: int) -> None:
    """As `preview` counts it, with the export of the state that it needs."""
    state = exports.plain(play.secret_state())
    others = Inventory(Reader(NexusClient(exports.connection(state)))).foreign(exports.managed(state))
    counts = Counter(each.section for each in others)
    assert counts["repositories"] >= foreign, counts


if __name__ == "__main__":
    sys.exit(main(*(int(count) for count in (sys.argv[1:] or ["3000", "1000"]))))
