"""Results of `go test -json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Results:
    printed: str
    verdicts: Mapping[str, str]
    """pass, fail or skip by the name of a test; without subtests."""

    def count(self, verdict: str) -> int:
        return list(self.verdicts.values()).count(verdict)


def parsed(printed: str) -> Results:
    """Parses the output; a package that does not build counts as a failed test of its name."""
    verdicts: dict[str, str] = {}
    for line in printed.splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        verdict, test = event.get("Action"), event.get("Test")
        if test and "/" not in test and verdict in ("pass", "fail", "skip"):
            verdicts[test] = verdict
        elif event.get("FailedBuild") and verdict == "fail":
            verdicts[event["Package"]] = "fail"
    return Results(printed, verdicts)


def compared(results: Results, expected: Mapping[str, str]) -> list[str]:
    """The differences between the results and the list of expected failures."""
    faults = [
        f"{name} failed" for name, verdict in results.verdicts.items() if verdict == "fail" and name not in expected
    ]
    for name, reason in expected.items():
        if results.verdicts.get(name) == "pass":
            faults.append(f"{name} passes; it is expected to fail: {reason}")
    return faults
