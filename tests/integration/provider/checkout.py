"""A copy of the project with nothing of this machine in it, whose ./store works on the server of a Play."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.integration.provider.play import ADMIN, ROOT, Play
from tests.integration.provider.tls import HOSTNAME

_COPIED = (
    "Pulumi.yaml", "__main__.py", "cli", "components", "exports", "jenkins", "lab", "nexus", "policy", "preflight",
    "reports", "stacks", "pyproject.toml",
)  # fmt: skip


class Checkout:
    """Runs ./store there, without its installation of .venv."""

    def __init__(self, play: Play, folder: Path) -> None:
        self.play, self.folder = play, folder
        for name in _COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, folder / name)
        for file in folder.glob("stacks/Pulumi.*.yaml"):
            file.unlink()
        (folder / ".venv").symlink_to(ROOT / ".venv")

    @property
    def url(self) -> str:
        return f"https://{HOSTNAME}:{self.play.port}"

    def store(self, *arguments: str, given: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Its output and errors; nothing on standard input is no terminal."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI", "STACK", "NEXUS"))}
        login = {"NEXUS_PASSWORD": ADMIN, "NEXUS_ADDRESS": "127.0.0.1"}
        return subprocess.run(
            [self.folder / ".venv/bin/python", "-m", "cli", *arguments],
            cwd=self.folder,
            env={**kept, **login, **variables, "DOCKER_HOST": "tcp://127.0.0.1:1"},
            input=given or "",
            capture_output=True,
            text=True,
            timeout=600,
        )

    def done(self, *arguments: str, given: str | None = None) -> str:
        """What a command that succeeds prints to standard output; with its messages if it fails."""
        done = self.store(*arguments, given=given)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def made(self) -> set[str]:
        """The files of stacks that are not part of the project, and what Pulumi's backend has."""
        new = {file.name for file in self.folder.glob("stacks/*") if file.is_file()}
        new -= {file.name for file in (ROOT / "stacks").glob("*")}
        local = self.folder / ".local"
        places = local / ".pulumi/stacks/repository-store", local / "unfinished"
        return new | {file.name for place in places for file in place.glob("*")}

    def file(self, name: str) -> Any:
        return yaml.safe_load((self.folder / "stacks" / name).read_text())
