"""Where an image cannot be pulled the stack runs the stand-in, and docker's reason is shown once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
REFUSES = "echo 'Error response from daemon: toomanyrequests' >&2; exit 1"
FAKES = {
    ".venv/bin/python": "cat settings 2>/dev/null || true",  # what stacks/stack_file.py prints
    "setup/run": 'echo "${@:7}" >>told',
    "lab/images/build": "echo made/$1:1",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Of the project only what the script reads; what it calls is played."""
    for name in ("setup/images", "setup/settings.sh", "stacks/nexus_settings.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".local" / "stacks" / "trial").mkdir(parents=True)
    for name, program in FAKES.items():
        play(tmp_path / name, program)
    return tmp_path


def play(path: Path, program: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{program}\n")
    path.chmod(0o755)


def images(project: Path, docker: str) -> tuple[str, list[str]]:
    """What is said, and what the stack file is told, when docker behaves so."""
    play(project / "bin" / "docker", docker)
    done = subprocess.run(
        [project / "setup" / "images", "trial"],
        env={**os.environ, "PATH": f"{project / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = project / "told"
    return done.stderr, told.read_text().splitlines() if told.exists() else []


def test_the_published_image_is_run_where_it_can_be_pulled(project: Path) -> None:
    said, told = images(project, "echo sha256:1")
    assert "stand-in" not in said
    assert told == ["--path nexus.kind sonatype"]


def test_what_kept_docker_from_pulling_it_is_said_once(project: Path) -> None:
    said, told = images(project, REFUSES)
    assert "no image registry answers here, so this stack runs a stand-in from now on. Docker says:\n" in said
    assert "\n    Error response from daemon: toomanyrequests\n" in said
    assert told == [
        "--path nexus.kind stand-in",
        "--path nexus.image made/nexus-stand-in:1",
        "--path nginx.image made/nginx:1",
    ]
    (project / "settings").write_text("\n\nstand-in\n")  # after nexus.url and docker.host
    said, _ = images(project, REFUSES)
    assert said == "the store runs a stand-in for Sonatype Nexus, built from lab/images\n"
