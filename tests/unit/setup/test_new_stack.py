"""A name or a setting that cannot be meant is refused before `make new-stack` makes anything."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WRONG = {
    "no name": ([""], "NAME: the stack's name is missing; allowed: letters, digits, _, . and -"),
    "two words": (["My Store"], "NAME: 'My Store' was given; allowed: letters, digits, _, . and -"),
    "a path": (["../trial"], "NAME: '../trial' was given; allowed: letters"),
    "one of git's": (["production"], "NAME: stacks/Pulumi.production.yaml is shared by git and deployed as docs/envi"),
    "a key without a value": (["trial", "hostname"], "SET: 'hostname' was given; allowed: KEY=VALUE of the stack file"),
    "a value that was split": (["trial", "tls.organization=Our", "=Team"], "SET: '=Team' was given; allowed: KEY=VA"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Of the project only what the script needs until it refuses."""
    for name in ("setup/new-stack", "stacks/Pulumi.production.yaml"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_and_nothing_is_made(mistake: str, project: Path) -> None:
    arguments, said = WRONG[mistake]
    done = subprocess.run([project / "setup/new-stack", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert "; remedy: make new-stack NAME=trial SET=" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (project / ".local").exists()
