"""python -m tests.side_by_side FIRST "TARGET..." "TARGET...": runs lists of make targets, and says what failed.

The lists run in parallel, once all targets of the first have passed: they are tiers that mostly wait for containers and
have their own stores. A list goes on after a failure. Prints the first two lists' output live, the others' when all
have ended. After Ctrl-C it waits for what is cleaning up, and says what did not run. Fails unless every target passes.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.results import VARIABLE, Results
from tests.summary import Tier, summary

_POLL_SECONDS = 0.1
INTERRUPTED = 128 + signal.SIGINT


class Row:
    """One list of targets, which run one after the other; its words with a `=` are variables for all of them."""

    def __init__(self, words: str, live: bool) -> None:
        variables = [word for word in words.split() if "=" in word]
        self.tiers = [Tier(("make", word, *variables)) for word in words.split() if "=" not in word]
        self.stopped = False
        self._live = live
        self._running: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        for number, tier in enumerate(self.tiers):
            if not self.stopped:
                self.tiers[number] = self._ended(tier)

    def terminate(self) -> None:
        if self._running:
            self._running.terminate()

    def _ended(self, tier: Tier) -> Tier:
        begin = time.monotonic()
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as results:
            try:
                code, output = self._make(tier.command, {**os.environ, VARIABLE: results.name})
            except OSError as error:
                code, output = 127, str(error)
            runs = tuple(Results.model_validate_json(line) for line in results)
        return Tier(tier.command, time.monotonic() - begin, code, runs, output)

    def _make(self, command: Sequence[str], environment: dict[str, str]) -> tuple[int, str]:
        """Through a file: a process that a tier leaves behind would hold the end of a pipe open."""
        with tempfile.TemporaryFile() as log:
            self._running = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
            shown, ended = 0, False
            while not ended:
                time.sleep(_POLL_SECONDS)
                ended = self._running.poll() is not None
                if self._live:
                    new = os.pread(log.fileno(), os.fstat(log.fileno()).st_size - shown, shown)
                    sys.stdout.buffer.write(new)
                    sys.stdout.flush()
                    shown += len(new)
            log.seek(0)
            return self._running.returncode, log.read().decode(errors="replace")


def main(*lists: str) -> int:
    begin = time.monotonic()
    rows = [Row(words, live=number < 2) for number, words in enumerate(lists)]
    try:
        _run(rows[:1])
        if not any(tier.failed for tier in rows[0].tiers):
            _run(rows[1:])
        interrupted = False
    except KeyboardInterrupt:
        interrupted = True
    for row in rows[2:]:
        print("".join(tier.output for tier in row.tiers), end="")
    tiers = [tier for row in rows for tier in row.tiers]
    print(summary(tiers, time.monotonic() - begin), flush=True)
    if interrupted:
        return INTERRUPTED
    return int(any(tier.failed for tier in tiers))


def _run(rows: Sequence[Row]) -> None:
    """Raises KeyboardInterrupt after Ctrl-C or SIGTERM, once the targets that run have ended.

    The terminal sends Ctrl-C to them too; SIGTERM comes to this process alone.
    """

    def terminate(*_: Any) -> None:
        for row in rows:
            row.terminate()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        with ThreadPoolExecutor(max(len(rows), 1)) as pool:
            running = [pool.submit(row.run) for row in rows]
            try:
                for each in running:
                    each.result()
            except KeyboardInterrupt:
                for row in rows:
                    row.stopped = True
                raise
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
