"""Results of `go test -json`, by package and test: packages have tests of the same names."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PASS, FAIL, SKIP, NOT_RUN = "pass", "fail", "skip", "not run"


@dataclass(frozen=True)
class Results:
    printed: str
    verdicts: Mapping[str, str]
    """By `PACKAGE.TEST`, without subtests; the package is its folder in the module."""

    def having(self, verdict: str) -> list[str]:
        return [test for test, found in self.verdicts.items() if found == verdict]


def listed(printed: str, module: str) -> list[str]:
    """The tests that `go test -list` names."""
    found = ((event, event.get("Output", "").strip()) for event in _events(printed))
    return [_key(event, module, name) for event, name in found if re.fullmatch(r"(Test|Example|Fuzz)\w*", name)]


def parsed(printed: str, module: str, known: Collection[str] = ()) -> Results:
    """Parses the output of a run; `known` are the tests that should have run.

    A test that began and has no end fails, since it ended its package; those after it in the package are not run. A
    package that does not build counts as a failed test of its name.
    """
    verdicts = dict.fromkeys(known, NOT_RUN)
    for event in _events(printed):
        action, test = event.get("Action"), event.get("Test", "")
        if event.get("FailedBuild") and action == FAIL:
            verdicts[_folder(event, module)] = FAIL
        elif test and "/" not in test and action in ("run", PASS, FAIL, SKIP):
            verdicts[_key(event, module, test)] = FAIL if action == "run" else action
    return Results(printed, verdicts)


def compared(results: Results, expected: Mapping[str, str]) -> list[str]:
    """The differences between the results and the list of expected failures."""
    faults = [f"{test} failed" for test in results.having(FAIL) if test not in expected]
    passing = [test for test in results.having(PASS) if test in expected]
    return faults + [f"{test} passes; it is expected to fail: {expected[test]}" for test in passing]


def _events(printed: str) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in printed.splitlines() if line.startswith("{"))


def _folder(event: Mapping[str, Any], module: str) -> str:
    return str(event["Package"]).removeprefix(module).removeprefix("/") or "."


def _key(event: Mapping[str, Any], module: str, test: str) -> str:
    return f"{_folder(event, module)}.{test}"
