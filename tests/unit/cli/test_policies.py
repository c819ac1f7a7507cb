"""The policy pack in the form that the user's Pulumi takes."""

from pathlib import Path

import pytest

from cli.stack.policies import policy_arguments
from cli.stack.stack import Stack


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """A double: a program that prints the version. tests/integration/pulumi_versions runs real ones."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{line}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("version", "pack"),
    [("3.203.0", "policy"), ("3.254.0", "policy"), ("3.256.0", "policy/run"), ("4.0.0", "policy/run")],
)
def test_an_older_pulumi_gets_the_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, pack: str
) -> None:
    install(tmp_path, monkeypatch, f"echo v{version}")
    assert policy_arguments(Stack("production"))[:2] == ["--policy-pack", pack]


def test_the_pulumi_that_is_built_here_gets_the_executable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert policy_arguments(Stack("production"))[:2] == ["--policy-pack", "policy/run"]
