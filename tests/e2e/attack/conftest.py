"""Counts attacks: tried, and held off. `--short` makes fewer tries of each, for `make test`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.integration.programs.nginx.conftest import certificate, nexus, serve

__all__ = ["certificate", "nexus", "serve"]  # fixtures

_counts: dict[str, "Attempts"] = {}


@dataclass
class Attempts:
    """The attacks that one test tried, and those that succeeded."""

    is_short: bool
    tried: int = 0
    broken: list[str] = field(default_factory=list)

    def of(self, full: int, short: int) -> int:
        """How many tries to make."""
        return short if self.is_short else full

    def held(self, attempt: str, held: bool) -> None:
        """Counts one attempt; if one succeeded, the test fails at its end."""
        self.tried += 1
        if not held:
            self.broken.append(attempt)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--short", action="store_true", help="fewer tries of each attack")


@pytest.fixture
def attempts(request: pytest.FixtureRequest) -> Iterator[Attempts]:
    made = _counts[request.node.name] = Attempts(request.config.getoption("--short"))
    yield made
    assert made.tried, "nothing was attempted"
    assert made.broken == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _counts:
        return
    terminalreporter.section("attacks")
    for name, made in _counts.items():
        held = made.tried - len(made.broken)
        terminalreporter.write_line(f"{name.removeprefix('test_')}: tried {made.tried}, held {held}")
    tried, broken = (sum(n) for n in zip(*((m.tried, len(m.broken)) for m in _counts.values()), strict=True))
    terminalreporter.write_line(f"in all: tried {tried}, held {tried - broken}")
