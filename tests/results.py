"""A plugin of pytest: appends what failed, and how much passed, to the file that TEST_RESULTS names."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

VARIABLE = "TEST_RESULTS"
_FILE = pytest.StashKey[str]()


class Failure(BaseModel):
    model_config = ConfigDict(frozen=True)

    test: str
    """As pytest takes it."""
    reason: str
    """One line."""


class Results(BaseModel):
    """Of one run of pytest."""

    model_config = ConfigDict(frozen=True)

    passed: int
    failures: tuple[Failure, ...] = ()


def pytest_configure(config: pytest.Config) -> None:
    # Another pytest that a test starts does not belong to this run.
    config.stash[_FILE] = os.environ.pop(VARIABLE, "")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.stash[_FILE]:
        return
    reports = terminalreporter.stats
    failed = [*reports.get("failed", ()), *reports.get("error", ())]
    failures = tuple(Failure(test=report.nodeid, reason=_reason(report, config.rootpath)) for report in failed)
    with Path(config.stash[_FILE]).open("a", encoding="utf-8") as file:
        file.write(Results(passed=len(reports.get("passed", ())), failures=failures).model_dump_json() + "\n")


def _reason(report: Any, root: Path) -> str:
    """Where it failed, and the first line of why; what is no exception of a test ends with the reason."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return next((line.strip() for line in reversed(report.longreprtext.splitlines()) if line.strip()), "")
    path = Path(crash.path)
    where = path.relative_to(root) if path.is_relative_to(root) else path
    return f"{where}:{crash.lineno}: {next(iter(crash.message.splitlines()), '')}"
