"""Commands in errors can be pasted unchanged, and are for the right stack."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexus.advice import pasteable
from nexus.errors import Rejected

ROOT = Path(__file__).parents[3]
MESSAGE = "a: b. Fix: pulumi config set --path a 1, or: pulumi config rm --path b"
PASTED = (
    "a: b. Fix: ./store pulumi config set --stack trial --path a 1, or: ./store pulumi config rm --stack trial --path b"
)


@pytest.fixture
def by_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a program that ./store started for the stack trial."""
    installed = tmp_path / "pulumi"
    installed.write_text("#!/bin/sh\necho $REPOSITORY_STORE_STACK\n")
    installed.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "cli", "pulumi", "version", "--stack", "trial"]
    name = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    monkeypatch.setenv("REPOSITORY_STORE_STACK", name.strip())


@pytest.mark.usefixtures("by_script")
def test_commands_use_the_script_that_started_the_program() -> None:
    assert pasteable(MESSAGE, "another") == PASTED
    assert pasteable(PASTED) == PASTED
    assert str(Rejected(MESSAGE)) == PASTED


def test_without_a_script_commands_use_the_selected_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REPOSITORY_STORE_STACK", raising=False)
    assert pasteable(MESSAGE, "staging") == (
        "a: b. Fix: pulumi config set --stack staging --path a 1, or: pulumi config rm --stack staging --path b"
    )
    assert str(Rejected(MESSAGE)) == MESSAGE
