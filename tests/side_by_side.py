"""python -m tests.side_by_side "TARGET..." "TARGET...": runs several lists of make targets in parallel.

For tiers that mostly wait for containers and have their own stores. Prints the first list's output live, the others'
when all have ended. Fails when one of them fails.
"""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from typing import IO

from cli.paths import ROOT


def main(first: str, *others: str) -> int:
    with ExitStack() as open_logs:
        logs = [open_logs.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for _ in others]
        running = [_make(row, log) for row, log in zip(others, logs, strict=True)]
        codes = [_make(first).wait()]
        for process, log in zip(running, logs, strict=True):
            codes.append(process.wait())
            log.seek(0)
            print(log.read(), end="", flush=True)
    return int(any(codes))


def _make(row: str, log: IO[str] | None = None) -> subprocess.Popen[bytes]:
    output = None if log is None else subprocess.STDOUT
    return subprocess.Popen(["make", *row.split()], cwd=ROOT, stdout=log, stderr=output)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
