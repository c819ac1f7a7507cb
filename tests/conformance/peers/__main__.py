"""python -m tests.conformance.peers FOLDER... [--run PATTERN] [--output FOLDER].

Runs the test suites of other clients on the stand-in: each folder is a checkout of a client, which is recognized by the
module in its go.mod. Needs Go and, for providers, Terraform or OpenTofu on PATH. Exits with 1 if a test fails that is
not an expected failure, or passes although it is one.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.conformance.contract.stand_in import binary
from tests.conformance.peers.results import Results, compared
from tests.conformance.peers.suites import SUITES, Suite, suite_of


def report(name: str, results: Results, suite: Suite) -> int:
    """Prints the results of a suite, and counts the unexpected ones."""
    faults = compared(results, suite.expected)
    passed, failed, skipped = (results.count(verdict) for verdict in ("pass", "fail", "skip"))
    print(
        f"{name}: {passed} passed, {failed} failed of {passed + failed}, {skipped} skipped, {len(faults)} not expected"
    )
    for fault in faults:
        print(f"  {fault}")
    return len(faults)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help=", ".join(sorted(SUITES)))
    parser.add_argument("--run", default="", help="only tests whose names fit this regular expression")
    parser.add_argument("--output", type=Path, help="a folder that gets what go test printed")
    options = parser.parse_args()
    try:
        suites = {folder: suite_of(folder) for folder in options.folders}
    except ValueError as error:
        parser.error(str(error))
    faults = 0
    for folder, suite in suites.items():
        with tempfile.TemporaryDirectory() as work:
            results = suite.run(folder.resolve(), binary(), Path(work), options.run)
        if options.output:
            options.output.mkdir(parents=True, exist_ok=True)
            (options.output / f"{folder.name}.json").write_text(results.printed)
        faults += report(folder.name, results, suite)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
