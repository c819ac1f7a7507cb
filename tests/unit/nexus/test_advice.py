"""Commands in errors can be pasted unchanged, and are for the right stack."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.doctor.applied import broken
from nexus.advice import pasteable
from nexus.errors import Rejected
from nexus.problem import Problem
from policy.rule import Resource
from policy.rules import RULES

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
def test_commands_use_the_script_that_started_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_STACK", "another")
    assert pasteable(MESSAGE) == PASTED
    assert pasteable(PASTED) == PASTED
    assert str(Rejected(MESSAGE)) == PASTED


@pytest.mark.usefixtures("by_script")
def test_a_problem_names_the_stack_wherever_it_is_shown() -> None:
    problem = Problem("a", "b", fix="pulumi config set --path a 1, then make up")
    assert str(problem) == "a: b. Fix: ./store pulumi config set --stack trial --path a 1, then make up STACK=trial"
    (found,) = broken(RULES, {}, [Resource("pulumi:providers:pulumi-python", "nexus", {"password": "admin"})])
    assert "| ./store pulumi config set --stack trial --secret --path passwords.admin" in found.messages[0]


def test_without_a_script_commands_use_the_stack_that_pulumi_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REPOSITORY_STORE_STACK", raising=False)
    monkeypatch.setenv("PULUMI_STACK", "staging")
    assert pasteable(MESSAGE) == (
        "a: b. Fix: pulumi config set --stack staging --path a 1, or: pulumi config rm --stack staging --path b"
    )
    monkeypatch.delenv("PULUMI_STACK")
    assert str(Rejected(MESSAGE)) == MESSAGE
