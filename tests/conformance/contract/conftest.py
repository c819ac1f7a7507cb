"""Collects the outcomes of all recordings and checks their total."""

import json
from pathlib import Path

import pytest
import yaml

from tests.conformance.contract.fixtures import program, published_api

__all__ = ["program", "published_api"]  # fixtures

RECORDINGS = Path(__file__).parent / "recordings"
DEPARTURES: dict[str, dict[int, str]] = yaml.safe_load((Path(__file__).parent / "departures.yaml").read_text())
LOWEST_PERCENTAGE = 98.0
TALLY = pytest.StashKey[dict[str, int]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = {"recordings": 0, "steps": 0, "held": 0, "departures": 0}


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> dict[str, int]:
    return request.config.stash[TALLY]


def too_few(tally: dict[str, int]) -> bool:
    """Whether a full run is below the limit; in a run of a few recordings one difference could exceed it."""
    complete = tally["recordings"] == len(list(RECORDINGS.rglob("*.json")))
    return complete and 100.0 * tally["held"] / tally["steps"] < LOWEST_PERCENTAGE


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    tally = session.config.stash[TALLY]
    output = getattr(session.config, "workeroutput", None)
    if output is not None:  # one of several processes, whose results the main one adds up
        output["contract"] = json.dumps(tally)
    elif too_few(tally):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    sent = json.loads(getattr(node, "workeroutput", {}).get("contract", "{}"))
    tally = node.config.stash[TALLY]  # type: ignore[attr-defined]
    for name, count in sent.items():
        tally[name] += count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tally = config.stash[TALLY]
    if tally["steps"]:
        line = f"{tally['held']} of {tally['steps']} recorded steps hold, {tally['departures']} departures"
        if too_few(tally):
            line += f": less than {LOWEST_PERCENTAGE:g} %"
        terminalreporter.write_line(line, bold=True)
        for scenario, steps in DEPARTURES.items():
            for step, reason in steps.items():
                terminalreporter.write_line(f"  {scenario}, step {step}: {reason}")
