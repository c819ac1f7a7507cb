"""Counts attacks, and beside them the controls. `--short` makes fewer tries of each, for `make test`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.integration.programs.nginx.conftest import certificate, nexus, serve

__all__ = ["certificate", "nexus", "serve"]  # fixtures

_counts: dict[str, "Attempts"] = {}


@dataclass
class Attempts:
    """The attacks that one test tried, those that succeeded, and its controls.

    A control has to get through: it is the same try where nothing defends, or an honest client's request meanwhile. If
    none does, the test would not notice an attack that succeeds either.
    """

    is_short: bool
    tried: int = 0
    broken: list[str] = field(default_factory=list)
    controls: int = 0
    passed: int = 0

    def of(self, full: int, short: int) -> int:
        """How many tries to make."""
        return short if self.is_short else full

    def held(self, attempt: str, held: bool) -> None:
        """Counts one attempt; if one succeeded, the test fails at its end."""
        self.tried += 1
        if not held:
            self.broken.append(attempt)

    def control(self, passed: bool) -> None:
        """Counts one control."""
        self.controls += 1
        self.passed += passed

    def check(self) -> None:
        """Raises AssertionError if an attack succeeded, or nothing shows that one could."""
        assert self.tried, "nothing was attempted"
        assert not self.broken, "got through:\n" + "\n".join(self.broken)
        assert self.passed or not self.controls, "no control got through, so this test could not fail"

    def __str__(self) -> str:
        beside = f"{self.passed} of {self.controls}" if self.controls else "none"
        return f"attacks through {len(self.broken)} of {self.tried}, controls through {beside}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--short", action="store_true", help="fewer tries of each attack")


@pytest.fixture
def attempts(request: pytest.FixtureRequest) -> Iterator[Attempts]:
    made = _counts[request.node.name] = Attempts(request.config.getoption("--short"))
    yield made
    made.check()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _counts:
        return
    terminalreporter.section("attacks")
    for name, made in _counts.items():
        terminalreporter.write_line(f"{name.removeprefix('test_')}: {made}")
    terminalreporter.write_line(f"in all: {total(_counts.values())}")


def total(counts: Iterable[Attempts]) -> Attempts:
    """The sum of several tests."""
    found = Attempts(is_short=False)
    for made in counts:
        found.tried += made.tried
        found.broken += made.broken
        found.controls += made.controls
        found.passed += made.passed
    return found
