"""python -m tests.conformance.peers FOLDER... [--run PATTERN] [--generation RELEASE] [--output FOLDER].

Runs the test suites of other clients on the stand-in, as each release of the server for which the suite is known. Each
folder is a checkout of a client, which is recognized by the module in its go.mod. Needs Go and, for providers,
Terraform or OpenTofu on PATH. Exits with 1 if a test fails that is not an expected failure, or passes although it
is one.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.conformance.contract.stand_in import binary
from tests.conformance.peers.results import FAIL, NOT_RUN, PASS, SKIP, Results, compared
from tests.conformance.peers.suites import SUITES, Suite, suite_of


def report(name: str, results: Results, suite: Suite, generation: str) -> int:
    """Prints the results of a suite, and counts the unexpected ones."""
    expected = suite.failing(generation)
    faults = compared(results, expected)
    unproven = len(suite.without_proof(results))
    passed, failed, skipped, not_run = (len(results.having(verdict)) for verdict in (PASS, FAIL, SKIP, NOT_RUN))
    print(
        f"{name} on {generation}: {passed - unproven} passed, {failed} failed, {unproven} unproven, {skipped} skipped, "
        f"{not_run} not run of {len(results.verdicts)}, {len(faults)} not expected"
    )
    for fault in faults:
        print(f"  {fault}")
    for test in results.having(FAIL):
        if test in expected:
            print(f"  {test}: {expected[test]}")
    for test in results.having(NOT_RUN):
        print(f"  {test}: not run{f', {suite.left_out[test]}' if test in suite.left_out else ''}")
    return len(faults)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help=", ".join(sorted(SUITES)))
    parser.add_argument("--run", default="", help="only tests whose names fit this regular expression")
    parser.add_argument("--generation", default="", help="only on this release of the server")
    parser.add_argument("--output", type=Path, help="a folder that gets what go test printed")
    options = parser.parse_args()
    try:
        suites = {folder: suite_of(folder) for folder in options.folders}
    except ValueError as error:
        parser.error(str(error))
    faults = 0
    for folder, suite in suites.items():
        for generation in [options.generation] if options.generation else suite.generations:
            with tempfile.TemporaryDirectory() as work:
                results = suite.run(folder.resolve(), binary(), Path(work), generation, options.run)
            if options.output:
                options.output.mkdir(parents=True, exist_ok=True)
                (options.output / f"{folder.name}-{generation}.json").write_text(results.printed)
            faults += report(folder.name, results, suite, generation)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
