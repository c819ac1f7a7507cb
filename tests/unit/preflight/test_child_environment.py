"""Programs that the store's program starts do not inherit secrets of the stack file."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from cli.docker import Docker
from lab.running import Job
from preflight.engine_answer import engine_answer
from tests.support.played_docker import play_docker


def test_docker_and_its_children_do_not_inherit_pulumis_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_docker(monkeypatch, tmp_path, "#!/bin/sh\nenv\n")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    for name in ("PULUMI_CONFIG", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL"):
        monkeypatch.setenv(name, json.dumps({"passwords": {"admin": "hunter2"}}))
    output = engine_answer({"DOCKER_HOST": "ssh://deploy@docker.domain.org"}, "info") or ""
    assert "DOCKER_HOST=ssh://deploy@docker.domain.org" in output
    assert "SSH_AUTH_SOCK=/run/agent" in output
    assert "PULUMI" not in output
    assert "hunter2" not in output


def test_no_other_module_passes_on_its_whole_environment() -> None:
    root = Path(__file__).parents[3]
    handing = [
        path.relative_to(root).as_posix()
        for folder in ("components", "preflight", "stacks", "nexus")
        for path in (root / folder).rglob("*.py")
        if "**os.environ" in path.read_text(encoding="utf-8") or "os.environ.items" in path.read_text(encoding="utf-8")
    ]
    assert handing == ["preflight/child_environment.py"]


SCRIPTS = Path(__file__).parents[3] / "components" / "scripts"
RUN_HERE = [path for path in sorted(SCRIPTS.glob("*.sh")) if path.name not in ("layout.sh", "container.sh")]


@pytest.mark.parametrize("script", RUN_HERE, ids=lambda path: path.name)
def test_scripts_of_pulumis_commands_do_not_pass_on_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: Path
) -> None:
    docker, seen = tmp_path / "docker", tmp_path / "seen"
    docker.write_text(f"#!/bin/sh\ncat /proc/$PPID/environ /proc/$$/environ >>{seen}\nexit 1\n")
    docker.chmod(0o755)
    settings = {
        "CONTAINER": "c",
        "FOLDER": "/f",
        "FILE": "/f/a",
        "IMAGE": "i",
        "VOLUME": "v",
        "NAME": "n",
        "ON_DELETE": "purge",
        "TIMEOUT_SECONDS": "0",
    }
    inherited = {"PULUMI_CONFIG_PASSPHRASE": "hunter2", "PULUMI_CONFIG": '{"a": "hunter2"}\nPULUMI_NO=1', "PULUMI_": ""}
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SSH_AUTH_SOCK": "/run/agent", **settings, **inherited}
    subprocess.run(["sh", script, "a b"], env=environment, input=b"", capture_output=True, check=False, timeout=60)
    assert "SSH_AUTH_SOCK=/run/agent" in seen.read_text()
    assert "CONTAINER=c" in seen.read_text()
    assert "PULUMI_CONFIG" not in seen.read_text()
    assert "hunter2" not in seen.read_text()


def test_commands_of_this_project_do_not_pass_on_pulumis_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "hunter2")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    of_docker = Docker("ssh://deploy@docker.domain.org").environment
    output = Job(tmp_path / "log").output(["env"])
    for text in (json.dumps(of_docker), output):
        assert "/run/agent" in text
        assert "hunter2" not in text
