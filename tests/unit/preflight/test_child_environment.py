"""No program that the store's program starts has the secrets of the stack file in its environment."""

import json
import os
from pathlib import Path

import pytest

from preflight.engine_answer import engine_answer


def test_docker_and_what_it_starts_see_nothing_of_pulumis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\nenv\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    for name in ("PULUMI_CONFIG", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL"):
        monkeypatch.setenv(name, json.dumps({"passwords": {"admin": "hunter2"}}))
    said = engine_answer({"DOCKER_HOST": "ssh://deploy@docker.domain.org"}, "info") or ""
    assert "DOCKER_HOST=ssh://deploy@docker.domain.org" in said
    assert "SSH_AUTH_SOCK=/run/agent" in said
    assert "PULUMI" not in said
    assert "hunter2" not in said


def test_no_other_module_hands_its_whole_environment_on() -> None:
    root = Path(__file__).parents[3]
    handing = [
        path.relative_to(root).as_posix()
        for folder in ("components", "preflight", "stacks", "nexus")
        for path in (root / folder).rglob("*.py")
        if "**os.environ" in path.read_text(encoding="utf-8") or "os.environ.items" in path.read_text(encoding="utf-8")
    ]
    assert handing == ["preflight/child_environment.py"]
